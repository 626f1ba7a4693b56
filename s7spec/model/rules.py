"""The catalogue of rules: every finding s7spec can make has one ID here.

IDs are never reused. ``S7E`` rules are errors, ``S7W`` rules warnings.
"""

from __future__ import annotations

import re
from enum import Enum


class Rule(Enum):
    """One kind of finding: its ID as printed, and the mistake as a person would name it."""

    # load: files into documents
    UNREADABLE_FILE = ("S7E001", "file cannot be read")
    YAML_SYNTAX = ("S7E002", "not valid YAML")
    DUPLICATE_KEY = ("S7E003", "a key stands twice in one mapping")
    YAML_REFUSED = ("S7E004", "YAML feature or size that is refused")
    NOT_A_MAPPING = ("S7E005", "document is empty or not a mapping")
    NO_MANIFESTS = ("S7E006", "no manifests found")
    PATH_ESCAPES = ("S7E007", "path leaves the project")
    BAD_DATA = ("S7E008", "data file cannot be used")
    # validate: documents against the schemas
    UNKNOWN_KIND = ("S7E010", "unknown apiVersion or kind")
    UNKNOWN_KEY = ("S7E011", "unknown key")
    MISSING_KEY = ("S7E012", "required key is missing")
    WRONG_TYPE = ("S7E013", "value of the wrong type")
    NOT_ALLOWED = ("S7E014", "value that is not allowed")
    OUT_OF_BOUNDS = ("S7E015", "value out of its bounds")
    NOTHING_TO_CONVERT = ("S7E016", "fmt: convert without is_modifier and macro")
    ORIG_WITH_CONVERSION = ("S7E017", "fmt: orig together with is_modifier or macro")
    SECRET_IN_YAML = ("S7E018", "credentials written into YAML")
    UNKNOWN_SELECTION = ("S7E019", "named selection does not exist")
    DUPLICATE_NAME = ("S7E020", "two manifests of one name")
    NOT_BUILT = ("S7E021", "part of the language that is not built yet")
    BAD_IGNORE = ("S7E024", "s7spec comment that cannot be followed")
    BAD_POLICY = ("S7E025", "policy that is no valid expression")
    # expand: templates into jobs
    TEMPLATE_SYNTAX = ("S7E030", "template cannot be parsed")
    UNDEFINED_NAME = ("S7E031", "template uses an undefined name")
    TEMPLATE_FAILED = ("S7E032", "template cannot be evaluated")
    BAD_EXPANSION = ("S7E033", "expanded value is not allowed")
    DUPLICATE_JOB = ("S7E034", "two jobs of one key")
    WRONG_SURGERY = ("S7E035", "moved, forget or adopt names the wrong job")
    # resolve: jobs against the company's assets
    UNKNOWN_ASSET = ("S7E040", "asset does not exist")
    UNSUPPORTED_TYPE = ("S7E041", "asset type that cannot be exported")
    EMPTY_SELECTION = ("S7E042", "selection finds no assets")
    UNKNOWN_PRESET = ("S7E043", "image preset does not exist")
    TOO_MANY_ASSETS = ("S7E044", "more assets than one export takes")
    BAD_PRESETS = ("S7E045", "preset snapshot that cannot be used")
    # the project and the world around it
    NO_PROJECT = ("S7E050", "no s7spec.yaml found")
    UNKNOWN_ENVIRONMENT = ("S7E051", "environment does not exist")
    UNWRITABLE = ("S7E052", "file or folder cannot be written")
    ALREADY_THERE = ("S7E053", "file stands in the way")
    USAGE = ("S7E054", "command used wrongly")
    BAD_ADDRESS = ("S7E055", "address of IPS that cannot be used")
    UNREACHABLE = ("S7E060", "IPS cannot be reached")
    NO_CREDENTIALS = ("S7E061", "credentials are missing")
    BAD_CREDENTIALS = ("S7E062", "credentials were refused")
    UNKNOWN_COMPANY = ("S7E063", "company is unknown or not open to this user")
    IPS_FAULT = ("S7E064", "IPS answered with a fault")
    BAD_CATALOG = ("S7E065", "catalog of the embedded IPS is not valid")
    IPS_ANSWER = ("S7E066", "IPS answer cannot be understood")
    BAD_FAULTS = ("S7E067", "faults file of the embedded IPS is not valid")
    LEDGER_UNWRITABLE = ("S7E070", "ledger cannot be opened or written")
    LEDGER_CORRUPT = ("S7E071", "ledger is damaged")
    LEDGER_NEWER = ("S7E072", "ledger was written by a newer s7spec")
    LEASE_HELD = ("S7E073", "another apply holds the lease")
    UNKNOWN_JOB = ("S7E074", "no such job in the ledger")
    LEDGER_NOT_EMPTY = ("S7E075", "ledger has attempts already")
    BAD_BACKUP = ("S7E076", "ledger backup that cannot be used")
    BAD_PLAN_FILE = ("S7E080", "plan file cannot be used")
    STALE_PLAN = ("S7E081", "plan no longer fits")
    NOT_REVIEWED = ("S7E082", "production apply of what nobody reviewed")
    # review: telling people about a plan
    CODE_HOST_UNKNOWN = ("S7E090", "code host, pull request or token is not given")
    CODE_HOST_REFUSED = ("S7E091", "code host refuses what it is asked")
    CODE_HOST_UNAVAILABLE = ("S7E092", "code host does not do its work")
    # modifiers: the Image Serving language (facts: Image Serving section 7, E1 to E12 in order;
    # E11 is ORIG_WITH_CONVERSION, E12 NOTHING_TO_CONVERT)
    MODIFIER_NUMBER = ("S7E101", "number out of its range in a modifier")
    MODIFIER_WORD = ("S7E102", "unknown command or word in a modifier")
    FIT_WITHOUT_SIZE = ("S7E103", "fit without wid and hei")
    WRONG_COMPRESSION = ("S7E104", "compression that the format does not have")
    WRONG_PIXEL_TYPE = ("S7E105", "pixel type that the format does not have")
    NO_PICTURE = ("S7E106", "modifier that asks for something else than the picture")
    MODIFIER_SYNTAX = ("S7E107", "modifier that cannot be read as it is meant")
    UNDEFINED_VARIABLE = ("S7E108", "modifier uses an undefined variable")
    COMMAND_AND_TWIN = ("S7E109", "command together with its relative form")
    WRONG_PROFILE = ("S7E110", "ICC profile that does not go with the format")
    UNSAFE_MODIFIER = ("S7E113", "command that reaches beyond the asset")
    MODIFIER_FIELDS = ("S7E114", "field missing or too many in a modifier")
    CANNOT_RENDER = ("S7E115", "picture that cannot be rendered here")
    # warnings
    EXCLUDED_ASSET = ("S7W001", "asset left out of an export")
    UNUSED_IGNORE = ("S7W002", "ignore comment that suppresses nothing")
    UNUSED_DECLARATION = ("S7W003", "declared but never used")
    NO_EFFECT = ("S7W004", "part of an export that has no effect")
    NOT_FORMATTED = ("S7W090", "file cannot be formatted safely")
    # W1 to W27 of the same section, in order
    NO_SIZE = ("S7W101", "no size given: DefaultPix applies")
    QUALITY_IGNORED = ("S7W102", "qlt without effect")
    JPEG_SIZE_IGNORED = ("S7W103", "jpegSize without effect")
    SCANS_IGNORED = ("S7W104", "pscan without effect")
    QUANTIZE_IGNORED = ("S7W105", "quantize without effect")
    SCL_BESIDE_SIZE = ("S7W106", "scl together with fit, wid or hei")
    SCL_ENLARGES = ("S7W107", "scl below 1 enlarges")
    SCALED_TWICE = ("S7W108", "layer is scaled, then the view scales again")
    ALIGN_IGNORED = ("S7W109", "align without effect")
    BACKGROUND_IGNORED = ("S7W110", "bgc without effect")
    ALPHA_FLATTENED = ("S7W111", "transparency is lost")
    UPSCALED = ("S7W112", "picture is enlarged beyond its source")
    EMBED_IGNORED = ("S7W113", "nothing can be embedded into the format")
    DISTORTED = ("S7W114", "picture is distorted")
    SHARPENED_TWICE = ("S7W115", "op_sharpen together with op_usm")
    SHARPEN_MEANS_USM = ("S7W116", "op_sharpen with the fields of op_usm")
    BACKGROUND_CONFUSED = ("S7W117", "bgColor where bgc is meant")
    MODIFIER_SPELLING = ("S7W118", "not the documented spelling")
    NOISE = ("S7W119", "op_noise differs at each run")
    MODIFIER_AND_MACRO = ("S7W120", "both is_modifier and macro")
    ASSET_OVERRIDES = ("S7W121", "the asset's own modifier overrides yours")
    PRESET_OVERRIDES = ("S7W122", "command before a preset that overrides it")
    SAID_TWICE = ("S7W123", "command said twice")
    LARGE_OUTPUT = ("S7W124", "larger than previews or exports take")
    CMYK_JPEG = ("S7W125", "CMYK JPEG with an embedded profile")
    DEAD_FORMAT = ("S7W126", "format that nothing shows any more")
    DOLLAR_IN_VALUE = ("S7W127", "$ in a value")
    NOT_FOR_EXPORTS = ("S7W128", "command without a use in an export")
    UNKNOWN_PRESET_OFFLINE = ("S7W129", "image preset is not in the snapshot")
    EMPTY_PICTURE = ("S7W130", "nothing of the picture is left")
    DOUBTFUL_PRESET = ("S7W131", "image preset says something doubtful")

    @property
    def id(self) -> str:
        return self.value[0]

    @property
    def title(self) -> str:
        return self.value[1]

    @property
    def is_warning(self) -> bool:
        return self.id.startswith("S7W")

    @property
    def can_be_ignored(self) -> bool:
        """Whether a comment in a manifest may ask for silence: warnings, and not the one about
        such comments themselves."""
        return self.is_warning and self is not Rule.UNUSED_IGNORE


SEEN_ON_IPS = frozenset(
    {
        Rule.EXCLUDED_ASSET,
        Rule.ALPHA_FLATTENED,
        Rule.UPSCALED,
        Rule.EMPTY_PICTURE,
        Rule.DISTORTED,
        Rule.ASSET_OVERRIDES,
        Rule.LARGE_OUTPUT,
    }
)
"""Warnings that `plan` and `apply` make: they need the company's assets. Some can be seen earlier
where a manifest says enough."""

SEEN_WITH_PRESETS = frozenset({Rule.UNKNOWN_PRESET_OFFLINE})
"""Warnings that only those can make who have a snapshot of the company's image presets."""

SEEN_OFFLINE = frozenset(Rule) - SEEN_ON_IPS - SEEN_WITH_PRESETS
"""What `validate` can find in any case, as far as warnings go."""

_IDS = {rule.id: rule for rule in Rule}
_PARTS = re.compile(r"(?:S?7)?([A-Z]?)[-_ ]?(\d{1,4})")


def rule_named(text: str) -> Rule | None:
    """The rule with this ID, in capitals or not."""
    return _IDS.get(text.upper())


def nearest_rule(text: str) -> Rule | None:
    """The rule that was probably meant: ``S7E12`` is ``S7E012``, ``unknown-key`` is its name."""
    word = text[:40].upper()
    parts = _PARTS.fullmatch(word)
    if parts is not None:
        letters = parts[1] if parts[1] in ("E", "W") else "EW"
        for letter in letters:
            found = _IDS.get(f"S7{letter}{int(parts[2]):03}")
            if found is not None:
                return found
    names = {**_IDS, **{rule.name: rule for rule in Rule}}
    import difflib  # only here: most runs name no rule wrongly

    close = difflib.get_close_matches(word.replace("-", "_"), names, n=1, cutoff=0.7)
    return names[close[0]] if close else None
