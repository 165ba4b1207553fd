"""Google Contacts: "Google CSV" as it is since 2024 ("First Name", "Labels") and as it was before ("Given Name", "Group
Membership"), and Google's "Outlook CSV".

Column names: header rows of files that Google Contacts wrote in both layouts (contacts.google.com, "Export"). Columns with
a number ("E-mail 2 - Value", "Address 1 - City") are known from their header, however many there are.
"""

from __future__ import annotations

from app.formats.profiles.profile import Profile, lines, needs

_SAME = """
    additional_name = Middle Name | Additional Name
    honorific_prefix = Name Prefix
    honorific_suffix = Name Suffix
    nickname = Nickname
    birthday = Birthday
    gender = Gender
    note = Notes
    photo = Photo
    categories = Labels | Group Membership
"""

CONTACT = Profile(
    key="google.contact",
    name="Google",
    kind="contacts",
    entity="contact",
    needs=needs(
        "Labels", "First Name | Last Name", "E-mail 1 - Value | Phone 1 - Value | Organization Name | File As"
    ),
    lines=lines(
        """
    given_name = First Name
    family_name = Last Name
    phonetic_given_name = Phonetic First Name
    phonetic_family_name = Phonetic Last Name
    organization = Organization Name
    title = Organization Title
    department = Organization Department
    """
        + _SAME
    ),
)

OLDER = Profile(
    key="google.older",
    name="Google",
    kind="contacts",
    entity="contact",
    needs=needs(
        "Given Name",
        "Family Name",
        "E-mail 1 - Value | Phone 1 - Value | Group Membership | Organization 1 - Name",
    ),
    lines=lines(
        """
    formatted_name = Name
    given_name = Given Name
    family_name = Family Name
    phonetic_given_name = Given Name Yomi
    phonetic_family_name = Family Name Yomi
    organization = Organization 1 - Name
    title = Organization 1 - Title
    department = Organization 1 - Department
    languages = Language
    role = Occupation
    """
        + _SAME
    ),
)

ALL = (CONTACT, OLDER)
