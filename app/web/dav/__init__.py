"""`/dav`: contacts as an address book for phones and mail programs (CardDAV, RFC 6352), through the same services as pages."""
