"""Valid or not, in microseconds: what jsonschema-rs says.

Only the verdict is taken from it; ``reference`` finds the words. Patterns go to its linear engine:
a pattern that this one cannot read (backreferences, look-around) is refused at once. It follows
values and recursive schemas on the machine's stack, which ends the process at some 30,000 levels:
values come from readers that stop at 64 (YAML) or some 1,000 (Python's json).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, Registry

    from s7spec.validate.refusals import Refusal

_REFERENCE_ELSEWHERE = re.compile(r'"\$ref"\s*:\s*"[^#]')
_MASK = "the value"


class Verdicts:
    """One compiled validator for each schema that is asked for.

    ``texts`` maps names to JSON texts, read as they are. References resolve among them only.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._of_one: dict[str, Draft202012Validator] = {}
        self._of_many: dict[str, Draft202012Validator] = {}

    def accepts(self, value: object, name: str) -> bool:
        """True when ``value`` satisfies the schema. False, too, for what is no JSON value."""
        try:
            return self._one(name).is_valid(value)
        except ValueError:
            return False

    def accept_all(self, values: Sequence[object], name: str) -> bool:
        """True when every one of ``values`` satisfies the schema: one call for all of them."""
        validator = self._of_many.get(name)
        if validator is None:
            schema = json.loads(self._texts[name])
            # With an identifier of its own the schema's references keep leading into itself.
            schema.setdefault("$id", f"s7spec:{name}")
            validator = self._of_many[name] = self.compile({"type": "array", "items": schema})
        try:
            return validator.is_valid(values if isinstance(values, list) else list(values))
        except ValueError:
            return False

    def accept_texts(self, texts: Sequence[str], name: str, key: str) -> bool:
        """True when every text satisfies what the schema says of its property ``key``."""
        validator = self._of_many.get(f"{name}/{key}")
        if validator is None:
            schema = json.loads(self._texts[name])["properties"][key]
            validator = self.compile({"type": "array", "items": schema})
            self._of_many[f"{name}/{key}"] = validator
        try:
            return validator.is_valid(list(texts))
        except ValueError:
            return False

    def refusals(self, value: object, name: str) -> Iterator[Refusal]:
        """Why ``value`` is not accepted, in jsonschema-rs's own words."""
        from s7spec.validate.refusals import Refusal

        validator = self._one(name)
        try:
            for error in validator.iter_errors(value):
                yield Refusal(
                    message=error.message,
                    pointer=tuple(error.instance_path),
                    schema_path=tuple(error.schema_path),
                )
        except ValueError as error:
            yield Refusal(message=str(error), pointer=(), schema_path=())

    def compile(self, schema: dict[str, Any] | bool | str) -> Draft202012Validator:
        """A validator for any schema that refers to nothing but ``texts`` and itself.

        Raises ValueError, or jsonschema_rs.ReferencingError, for a schema that cannot be used.
        """
        from jsonschema_rs import Draft202012Validator, RegexOptions

        return Draft202012Validator(
            schema,
            registry=self._registry(),
            mask=_MASK,
            pattern_options=RegexOptions(),
            offline=True,
        )

    def _one(self, name: str) -> Draft202012Validator:
        if name not in self._of_one:
            self._of_one[name] = self.compile(json.loads(self._texts[name]))
        return self._of_one[name]

    def _registry(self) -> Registry | None:
        # Parsing all schemas costs more than compiling one: ours are self-contained.
        if not any(map(_REFERENCE_ELSEWHERE.search, self._texts.values())):
            return None
        from jsonschema_rs import Registry

        schemas = [json.loads(text) for text in self._texts.values()]
        return Registry([(schema["$id"], schema) for schema in schemas if "$id" in schema])
