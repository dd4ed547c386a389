"""The form of each step, named as other programs know its fields.

Labels and hints stand here, next to the field they belong to; the reading of what was typed belongs to
``wizard.snowflake``, which answers with the sentence to show. No field is checked twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wtforms import (
    FileField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
)

from wizard.journey import WEEK
from wizard.snowflake.account import REGIONS
from wizard.snowflake.key import LIMITS
from wizard.web.fields import LONGEST_NAME, NameField, PasteField

UNKNOWN_REGION = "?"
GRACES = {"72": "3 days", str(WEEK): "7 days", "336": "14 days", "720": "30 days"}  # hours
# In bytes of UTF-8.
LONGEST_ACCOUNT = 16 * 1024  # a list of accounts as JSON
LONGEST_KEY = 40 * 1024  # more than a key and what stands around it in a file
LONGEST_STATEMENT = 32 * 1024
# A form writes a byte as three characters at worst (%F0), and a file as it is, with a few lines before it.
ENCODED = 3
AROUND = 8 * 1024  # bytes: the names of fields, the CSRF token, what scripts add


def _choices(titles: Mapping[str, str]) -> list[SelectChoice]:
    """Return the choices of a field, from the value that is sent to the words that are shown."""
    return [SelectChoice(value, title) for value, title in titles.items()]


class StepForm(Form):
    """A step's form. What its fields hold is drawn again after a mistake, except what is secret or too long: a password
    field, a file field and a :class:`PasteField` for secrets never show their content.
    """

    def refuse_too_long(self) -> None:
        """Raise ``Problem`` at the first field that holds more than it takes. Call it before anything reads them."""
        for field in self:
            if isinstance(field, NameField | PasteField):
                field.refuse_too_long()

    @classmethod
    def longest_body(cls) -> int:
        """Return the size of the longest body in which what the fields take can arrive, in bytes.

        A file is allowed twice what is read of it: one that is too large is told so at its field.
        """
        fields = list(cls())
        texts = sum(getattr(field, "longest", LONGEST_NAME) for field in fields)
        files = sum(2 * LIMITS["file_bytes"] for field in fields if isinstance(field, FileField))
        return AROUND + max(ENCODED * texts, texts + files)


def largest_body() -> int:
    """Return the size of the longest body that any form needs, in bytes: the limit of every request."""
    forms = [StepForm]
    for form in forms:  # it grows meanwhile
        forms += form.__subclasses__()
    return max(form.longest_body() for form in forms)


class AccountForm(StepForm):
    account = PasteField(
        "Account identifier or address",
        description="Paste whatever you have: an identifier, the address of your Snowflake page, a connection string.",
        longest=LONGEST_ACCOUNT,
    )
    region = SelectField(
        "Region of the account",
        choices=_choices({UNKNOWN_REGION: "Choose the region"} | {region.suffix: region.title for region in REGIONS}),
        default=UNKNOWN_REGION,
        validate_choice=False,
    )
    region_asked = False  # whether the page shows the field: only a locator alone leaves the region open


class KnownAccountForm(StepForm):
    """The accounts that the company names, to choose one of them."""

    account = RadioField("Account", choices=[], validate_choice=False)
    region_asked = False

    def offer(self, names: Mapping[str, str]) -> None:
        """Show these choices, from what is sent to the name that is shown."""
        self.account.choices = _choices(names)


class UserForm(StepForm):
    username = NameField(
        "User name (NAME)", description="The user that your tool logs in as. Snowflake calls this name NAME."
    )
    login_name = NameField(
        "Login name (LOGIN_NAME)", description="Only when it differs from the user name. Leave it empty otherwise."
    )


class KeyForm(StepForm):
    source = RadioField(
        "Where does the key pair come from?",
        choices=_choices(
            {
                "browser": "Make it in this browser",
                "upload": "I have a key file",
                "public": "My own tools",
                "server": "Have it made on this server",
            }
        ),
        validate_choice=False,
    )
    instead_of = HiddenField()  # the fingerprint of the key that was known when the page was drawn, or "none"
    size = SelectField(
        "Key size",
        choices=_choices(
            {"2048": "2048 bits, as Snowflake asks for", "3072": "3072 bits", "4096": "4096 bits, slower"}
        ),
        default="2048",
        validate_choice=False,
    )
    private_key = FileField("Private key file", description="Usually called rsa_key.p8. It is read once and forgotten.")
    private_key_text = PasteField(
        "Or paste the private key", description="With its BEGIN and END lines.", longest=LONGEST_KEY, secret=True
    )
    passphrase = PasswordField("Passphrase", description="Leave it empty for a key without one.")
    public_key = PasteField(
        "Public key",
        description="The content of rsa_key.pub, with or without its BEGIN and END lines.",
        longest=LONGEST_KEY,
    )

    def offer(self, ways: Collection[str], sizes: Collection[int]) -> None:
        """Show only these ways to a key pair, and these sizes of one that is made."""
        self.source.choices = [choice for choice in self.source.choices if choice.value in ways]
        self.size.choices = [choice for choice in self.size.choices if int(choice.value) in sizes]


class RegisterForm(StepForm):
    registered = HiddenField()
    role = NameField("Role that runs the statement", description="Leave it empty to use the role you are in.")
    slot = RadioField(
        "Which of the user’s two slots?",
        choices=_choices({"1": "RSA_PUBLIC_KEY", "2": "RSA_PUBLIC_KEY_2"}),
        validate_choice=False,
    )
    grace_hours = SelectField(
        "How long the old key goes on working",
        choices=_choices(GRACES),
        default=str(WEEK),
        validate_choice=False,
    )
    way = RadioField(
        "How should Snowflake hold the key?",
        choices=_choices({"named": "As a named key pair", "classic": "In a slot, the classic way"}),
        validate_choice=False,
    )
    key_pair_name = NameField("Its name")
    role_restriction = NameField("Restricted to the role")
    days_to_expiry = NameField("Days until it ends", description="Role and end can’t be changed later.")
    comment = NameField("Comment")


class VerifyForm(StepForm):
    desc_user = PasteField(
        "What DESC USER answered",
        description="The whole table, or only the lines RSA_PUBLIC_KEY_FP and RSA_PUBLIC_KEY_2_FP, copied in any form.",
    )


class LookForm(StepForm):
    desc_user = PasteField("What DESC USER answered", description="The whole table, copied in any form.")
    old_key = RadioField("Which of them?", choices=[], validate_choice=False)
    is_asked = False  # whether the page shows the choice: only several keys leave it open

    def offer(self, keys: Mapping[str, str]) -> None:
        """Show these keys, from the fingerprint that is sent to the words that are shown."""
        self.old_key.choices = _choices(keys)


class SwitchForm(StepForm):
    switched = HiddenField()


class RetireForm(StepForm):
    retired = HiddenField()
    desc_user = PasteField("What it answered", description="The whole table, copied in any form.")


class ServiceUserForm(StepForm):
    username = NameField("User name (NAME)", description="Of the user to create.")
    default_role = NameField("Default role", description="What it may do. The role has to be there already.")
    default_warehouse = NameField("Default warehouse", description="Where its queries run.")
    purpose = NameField("What it is for", description="Goes into the user’s comment.")
    owner = NameField("Who answers for it", description="A team or an address, for the comment.")
    allowed_address = NameField(
        "The one address it comes from", description="An IPv4 address, for a network policy. Leave it empty for none."
    )


class WhichKeyForm(StepForm):
    desc_user = PasteField(
        "What DESC USER or SHOW USER KEY PAIRS answered",
        description="Or only the fingerprints in it, which begin with SHA256:.",
    )


class TestForm(StepForm):
    __test__ = False  # a form, not a test case
    private_key = FileField("Private key file", description="The rsa_key.p8 that you saved.")
    private_key_text = PasteField(
        "Or paste the private key", description="With its BEGIN and END lines.", longest=LONGEST_KEY, secret=True
    )
    passphrase = PasswordField("Passphrase", description="Leave it empty for a key without one.")
    token = PasteField(
        "Token",
        description="Made by the command above. It is good for one minute.",
        secret=True,
        longest=LONGEST_KEY,  # a key that was pasted here is told to be one
    )


class DetailsForm(StepForm):
    failure_details = PasteField(
        "What SYSTEM$GET_LOGIN_FAILURE_DETAILS answered", description="The whole answer.", longest=LONGEST_STATEMENT
    )


class HandoverForm(StepForm):
    key_folder = NameField(
        "In which folder will the key file be?",
        description="The whole path, such as /home/jane/.snowflake/keys or C:\\Users\\jane\\.snowflake\\keys. The "
        "texts then hold it.",
    )


class ShareForm(StepForm):
    note = NameField("Reason or ticket number", description="Goes into the message, and on the page behind its link.")


class SharedForm(StepForm):
    """The administrator's page. ``looked`` says that they looked before and paste the answer back now."""

    desc_user = PasteField("What DESC USER answered", description="The whole table, copied in any form.")
    looked = HiddenField()
    reason = NameField("Your reason", description="You copy it from the next page and send it yourself.")


class TroubleshootForm(StepForm):
    text = PasteField(
        "What you have",
        description="An error, a log, settings, a token, what DESC USER answered: anything, and several things at "
        "once. Leave private keys out.",
    )


class WorksheetForm(StepForm):
    sql = PasteField(
        "SQL", description="One statement or several, each ended by a semicolon.", longest=LONGEST_STATEMENT
    )
