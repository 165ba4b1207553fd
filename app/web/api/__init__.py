"""`/api/v1`: what people do on pages, for programs; made from the same declarations, through the same services."""
