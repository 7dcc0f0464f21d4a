"""The objects of the org and their fields: create, describe, SOQL and errors all go by this table.

Sources: Salesforce's Object Reference (Case, CaseComment, EmailMessage, FeedItem, Task, Contact,
Knowledge__kav) and field reference, developer.salesforce.com. Fields that end with `__c` are ours.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from simulator.neighbours.dataverse.tables import Column, Table
from simulator.neighbours.dataverse.tables import Kind as ColumnKind

Value: TypeAlias = str | int | bool | None
Record: TypeAlias = dict[str, Value]
Kind: TypeAlias = Literal[
    "id",
    "string",
    "textarea",
    "picklist",
    "boolean",
    "datetime",
    "date",
    "reference",
    "email",
    "phone",
    "int",
]
_COLUMN_KINDS: Mapping[Kind, ColumnKind] = defaultdict(
    lambda: "String", {"boolean": "Boolean", "datetime": "DateTime", "reference": "Lookup"}
)
Writes: TypeAlias = Literal["always", "on_create", "never"]


class Field(Struct, frozen=True, kw_only=True):
    """One field; with `is_bytes` its length is in bytes of UTF-8."""

    name: str
    label: str = ""
    kind: Kind = "string"
    length: int = 0
    is_required: bool = False
    is_external_id: bool = False
    is_unique: bool = False
    is_bytes: bool = False
    is_restricted: bool = False
    written: Writes = "always"
    default: Value = None
    options: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    relationship: str = ""

    @property
    def is_indexed(self) -> bool:
        """Whether rows are found by it without looking at all of them."""
        return self.is_external_id or self.is_unique or self.kind == "reference"


class Child(Struct, frozen=True):
    """Rows of another object that name a row of this one."""

    name: str
    sobject: str
    field: str


class SObject(Struct, frozen=True, kw_only=True):
    """One object; an event is published and never stored."""

    name: str
    label: str
    prefix: str
    fields: tuple[Field, ...]
    children: tuple[Child, ...] = ()
    is_written: bool = True
    is_event: bool = False
    #: By name in lower case: Salesforce does not tell case apart in names.
    by_name: Mapping[str, Field] = {}
    by_relationship: Mapping[str, Field] = {}

    def __post_init__(self) -> None:
        """Look fields up once: every row that is read asks."""
        structs.force_setattr(self, "by_name", {each.name.lower(): each for each in self.fields})
        named = {each.relationship.lower(): each for each in self.fields if each.relationship}
        structs.force_setattr(self, "by_relationship", named)


def _text(name: str, length: int = 255, label: str = "", *, is_required: bool = False) -> Field:
    return Field(name=name, label=label, length=length, is_required=is_required)


def _long(name: str, length: int, label: str = "", *, is_bytes: bool = False) -> Field:
    return Field(name=name, label=label, kind="textarea", length=length, is_bytes=is_bytes)


def _moment(name: str, written: Writes = "never") -> Field:
    return Field(name=name, kind="datetime", written=written)


def _flag(name: str, *, default: bool = False, written: Writes = "always") -> Field:
    return Field(name=name, kind="boolean", default=default, written=written)


def _parent(name: str, *targets: str, label: str = "", is_required: bool = False) -> Field:
    return Field(
        name=name,
        label=label,
        kind="reference",
        length=18,
        targets=targets,
        relationship=name[:-1] + "r" if name.endswith("__c") else name.removesuffix("Id"),
        is_required=is_required,
    )


def _choice(
    name: str, *options: str, default: str | None = None, is_restricted: bool = False
) -> Field:
    return Field(
        name=name,
        kind="picklist",
        length=255,
        options=options,
        default=default,
        is_restricted=is_restricted,
    )


def _external_id(name: str, *, is_unique: bool = True) -> Field:
    return Field(name=name, length=255, is_external_id=True, is_unique=is_unique)


def _by_system(name: str, kind: Kind = "string", length: int = 255) -> Field:
    return Field(name=name, kind=kind, length=length, written="never")


def _user(name: str) -> Field:
    made = _parent(name, "User")
    return structs.replace(made, written="never")


SYSTEM_FIELDS = (
    Field(name="Id", label="Record ID", kind="id", length=18, written="never"),
    _flag("IsDeleted", written="never"),
    _moment("CreatedDate"),
    _user("CreatedById"),
    _moment("LastModifiedDate"),
    _user("LastModifiedById"),
    _moment("SystemModstamp"),
)
#: As an officer's update may be: told to the victim, or for the force alone.
VISIBILITIES = ("AllUsers", "InternalUsers")
EMAIL_STATUSES = ("0", "1", "2", "3", "4", "5")
DRAFT_EMAIL = "5"
#: The statuses of a Case that is closed.
CLOSED = ("Closed", "Cancelled")
_TEXTS_OF_A_CRIME = (
    *("Force", "Area", "Grade", "Offence", "Offence_Code", "Offence_Group", "Safeguarding", "Team"),
    *("Officer_Name", "Collar_Number", "Milestone", "Outcome", "Decided_By"),
)
_TIMES_OF_A_CRIME = (
    *("Recorded", "Deployed", "Allocated", "Milestone", "Decided", "Closed", "Reopened"),
    *("Reclassified", "Merged"),
)


def _sobject(
    name: str, prefix: str, *fields: Field, label: str = "", is_written: bool = True
) -> SObject:
    return SObject(
        name=name,
        label=label or name,
        prefix=prefix,
        fields=(*SYSTEM_FIELDS, *fields),
        is_written=is_written,
    )


_STORED = (
    _sobject(
        "User",
        "005",
        _text("Username", 80),
        _text("Name", 121),
        Field(name="Email", kind="email", length=128),
        _flag("IsActive", default=True),
        _choice("UserType", "Standard", "CspLitePortal"),
        _parent("ContactId", "Contact"),
        is_written=False,
    ),
    _sobject(
        "Contact",
        "003",
        _text("FirstName", 40, "First Name"),
        _text("LastName", 80, "Last Name", is_required=True),
        _by_system("Name", length=121),
        Field(name="Email", kind="email", length=80),
        Field(name="MobilePhone", label="Mobile Phone", kind="phone", length=40),
        Field(name="Phone", kind="phone", length=40),
        Field(name="Birthdate", kind="date"),
        _text("MailingCity", 40, "Mailing City"),
        _text("MailingPostalCode", 20, "Mailing Zip/Postal Code"),
        _long("Description", 32_000),
        _flag("HasOptedOutOfEmail"),
        _choice("Preferred_Channel__c", "any", "text", "email", "post", "none"),
        _choice("Safe_To_Contact__c", "Yes", "No"),
        _external_id("Person_Id__c"),
        _text("Kind__c", 20),
        _text("Agreed_Word_Digest__c", 200),
        _flag("Enhanced_Rights__c"),
        _flag("Has_Died__c"),
        _flag("Is_Police_Employee__c"),
        _choice("Is_Restricted__c", "Yes", "No"),
    ),
    _sobject(
        "Case",
        "500",
        Field(
            name="CaseNumber", label="Case Number", length=30, is_external_id=True, written="never"
        ),
        _text("Subject"),
        _long("Description", 32_000),
        _choice("Status", "New", "Working", "Escalated", *CLOSED, default="New"),
        _choice("Priority", "High", "Medium", "Low", default="Medium"),
        _choice("Origin", "Phone", "Email", "Web"),
        _text("Type"),
        _text("Reason"),
        _parent("ContactId", "Contact", label="Contact ID"),
        _parent("OwnerId", "User", label="Owner ID"),
        _parent("ParentId", "Case", label="Parent Case ID"),
        _flag("IsClosed", written="never"),
        _moment("ClosedDate", "on_create"),
        _external_id("Crime_Number__c"),
        # Without "unique" two rows may have one: then an upsert is answered 300.
        _external_id("Incident_Number__c", is_unique=False),
        _long("People__c", 32_000),
        *(_text(f"{name}__c") for name in _TEXTS_OF_A_CRIME),
        *(_moment(f"{name}_At__c", "always") for name in _TIMES_OF_A_CRIME),
    ),
    _sobject(
        "CaseComment",
        "00a",
        _parent("ParentId", "Case", label="Parent Case ID", is_required=True),
        _long("CommentBody", 4_000, "Body", is_bytes=True),
        _flag("IsPublished"),
        _flag("IsNotificationSelected"),
        _external_id("Key__c"),
        label="Case Comment",
    ),
    _sobject(
        "FeedItem",
        "0D5",
        _parent("ParentId", "Case", "Contact", "User", label="Parent ID", is_required=True),
        _choice("Type", "TextPost", "ContentPost", "LinkPost", default="TextPost"),
        _long("Body", 10_000),
        _flag("IsRichText"),
        _choice("Visibility", *VISIBILITIES, default="AllUsers", is_restricted=True),
        label="Feed Item",
    ),
    _sobject(
        "Task",
        "00T",
        _text("Subject"),
        _long("Description", 32_000),
        _choice("Status", "Not Started", "In Progress", "Completed", default="Not Started"),
        _choice("Priority", "High", "Normal", "Low", default="Normal"),
        Field(name="ActivityDate", label="Due Date Only", kind="date"),
        _parent("WhoId", "Contact", label="Name ID"),
        _parent("WhatId", "Case", label="Related To ID"),
        _parent("OwnerId", "User", label="Assigned To ID"),
        _flag("IsClosed", written="never"),
        _external_id("Key__c"),
        _text("Delivery__c", 40),
    ),
    _sobject(
        "EmailMessage",
        "02s",
        _parent("ParentId", "Case", label="Case ID"),
        _text("Subject", 3_000),
        _long("TextBody", 32_000),
        _long("HtmlBody", 131_072),
        Field(name="FromAddress", kind="email", length=1_000),
        _text("ToAddress", 4_000),
        _flag("Incoming"),
        _flag("IsExternallyVisible", default=True),
        _choice("Status", *EMAIL_STATUSES, default="0", is_restricted=True),
        _moment("MessageDate", "always"),
        _external_id("Key__c"),
        label="Email Message",
    ),
    _sobject(
        "Knowledge__kav",
        "ka0",
        _by_system("KnowledgeArticleId", length=18),
        _by_system("ArticleNumber", length=255),
        _text("Title", is_required=True),
        _text("UrlName", is_required=True),
        _long("Summary", 1_000),
        _long("Answer__c", 131_072),
        Field(name="Language", kind="picklist", length=255, default="en_GB", written="on_create"),
        _by_system("PublishStatus", "picklist"),
        _by_system("VersionNumber", "int"),
        _flag("IsLatestVersion", default=True, written="never"),
        _flag("IsMasterLanguage", default=True, written="never"),
        _moment("FirstPublishedDate"),
        _moment("LastPublishedDate"),
        _flag("IsVisibleInPkb"),
        _flag("IsVisibleInCsp", default=True),
        _flag("IsVisibleInPrm"),
        _flag("IsVisibleInApp", default=True, written="never"),
        label="Knowledge",
    ),
    _sobject(
        "Knowledge__DataCategorySelection",
        "02o",
        _parent("ParentId", "Knowledge__kav", is_required=True),
        _text("DataCategoryGroupName", 80, is_required=True),
        _text("DataCategoryName", 80, is_required=True),
        label="Data Category Selection",
    ),
    # Who has a part in a crime: a Case names one Contact only.
    _sobject(
        "Involvement__c",
        "a00",
        _parent("Case__c", "Case", is_required=True),
        _parent("Contact__c", "Contact", is_required=True),
        _text("Role__c", 20),
        _external_id("Key__c"),
        label="Involvement",
    ),
    _sobject(
        "Appointment__c",
        "a01",
        _parent("Case__c", "Case", is_required=True),
        _parent("Contact__c", "Contact"),
        _moment("Starts_At__c", "always"),
        _text("Place__c"),
        _text("Status__c", 20),
        _external_id("Key__c"),
        label="Appointment",
    ),
    # What an integration has carried here: the same event cannot stand here twice.
    _sobject(
        "Crime_Event__c",
        "a02",
        _parent("Case__c", "Case", is_required=True),
        _parent("Contact__c", "Contact"),
        _external_id("Event_Id__c"),
        _text("Type__c", 60),
        _moment("Recorded_At__c", "always"),
        Field(name="Row_Id__c", length=18, targets=("CaseComment",)),
        _flag("Checked__c"),
        label="Crime Event",
    ),
)
_EVENTS = (
    SObject(
        name="Crime_Update__e",
        label="Crime Update",
        prefix="e00",
        is_event=True,
        fields=(
            _moment("CreatedDate"),
            _user("CreatedById"),
            _text("Crime_Number__c", is_required=True),
            _text("Kind__c", 60),
            _long("Message__c", 4_000),
        ),
    ),
    SObject(
        name="Victim_Question__e",
        label="Victim Question",
        prefix="e01",
        is_event=True,
        fields=(
            _moment("CreatedDate"),
            _user("CreatedById"),
            _text("Case_Comment_Id__c", 18, is_required=True),
            _text("Case_Id__c", 18),
            _text("Crime_Number__c"),
            _long("Question__c", 4_000),
        ),
    ),
)
#: The names by which an object gives its children, where they are not a plural.
_CHILD_NAMES = {
    "FeedItem": "Feeds",
    "EmailMessage": "EmailMessages",
    "Knowledge__DataCategorySelection": "DataCategorySelections",
    "Involvement__c": "Involvements__r",
    "Appointment__c": "Appointments__r",
    "Crime_Event__c": "Crime_Events__r",
}
_CHILD_FIELDS = frozenset({"ParentId", "ContactId", "WhoId", "WhatId", "Case__c", "Contact__c"})


def _with_children(made: SObject) -> SObject:
    children = tuple(
        Child(_CHILD_NAMES.get(other.name, f"{other.name}s"), other.name, field.name)
        for other in _STORED
        for field in other.fields
        if made.name in field.targets and field.name in _CHILD_FIELDS
    )
    return structs.replace(made, children=children)


OBJECTS: Mapping[str, SObject] = {
    each.name.lower(): each for each in (*(_with_children(made) for made in _STORED), *_EVENTS)
}
#: The objects whose changes are told (Change Data Capture): not comments, nor feeds, as documented.
CAPTURED = frozenset({"Case", "Contact", "Task", "EmailMessage"})


def as_tables() -> dict[str, Table]:
    """Give the stored objects as the tables that a map of an integration names."""
    return {each.name: _as_table(each) for each in OBJECTS.values() if not each.is_event}


def _as_table(sobject: SObject) -> Table:
    return Table(
        name=sobject.name,
        set_name=sobject.name,
        id_column="Id",
        name_column="Id",
        columns=tuple(
            Column(name=each.name, kind=_COLUMN_KINDS[each.kind], targets=each.targets)
            for each in sobject.fields
        ),
        keys=tuple((each.name,) for each in sobject.fields if each.is_external_id),
    )


def of_prefix(record_id: str) -> SObject | None:
    """Find the object that an id is of."""
    return _BY_PREFIX.get(record_id[:3])


_BY_PREFIX = {each.prefix: each for each in OBJECTS.values()}
