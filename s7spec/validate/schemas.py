"""The schemas, compiled when first needed, never fetched from anywhere.

Two validators share the work. jsonschema-rs gives the verdict: a valid document costs
microseconds, and jsonschema is not even imported. jsonschema finds what is wrong with a refused
document, in places and words that people understand. A test holds that both give one verdict on
thousands of documents. Should they differ all the same, a document that either of them
refuses is refused: where jsonschema finds nothing to say, jsonschema-rs's own words are shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from s7spec.validate.mistakes import value_at
from s7spec.validate.verdicts import Verdicts

if TYPE_CHECKING:
    from referencing import Registry

    from s7spec.validate.reference import Accepts
    from s7spec.validate.refusals import SchemaError

LONG = 20
"""Lists and mappings with more members are searched for the wrong ones first. jsonschema walks a
member in 10 us (a name) to 150 us (an export); compiling its schema for the search takes 0.4 to
1.6 ms once, and then the search less than 1 us."""


class SchemaSet:
    """Schemas by name: ``manifest``, ``project``, ``export-job``, ``plan``...

    ``texts`` maps names to JSON texts. References resolve among these texts only. ``long`` is
    how many members a list or mapping may have before valid ones are passed over (see LONG).
    """

    def __init__(self, texts: Mapping[str, str], *, long: int = LONG) -> None:
        self._texts = dict(texts)
        self._long = long
        self._verdicts = Verdicts(self._texts)
        self._references: dict[str, Any] = {}
        self._registry: Registry[Any] | None = None

    def accepts(self, value: object, name: str) -> bool:
        """Whether ``value`` satisfies the schema ``name``: only that, within microseconds.

        False as well for what is no plain JSON value (a tuple for an array is one). Raises
        KeyError when there is no such schema.
        """
        return self._verdicts.accepts(value, name)

    def accept_all(self, values: Sequence[object], name: str) -> bool:
        """Whether every one of ``values`` satisfies the schema ``name``, asked in one call.

        True when there are none. Raises KeyError when there is no such schema.
        """
        return self._verdicts.accept_all(values, name)

    def accept_texts(self, texts: Sequence[str], name: str, key: str) -> bool:
        """True when every text satisfies what the schema ``name`` says of its property ``key``,
        which refers to nothing else. Raises KeyError when there is none."""
        return self._verdicts.accept_texts(texts, name, key)

    def errors(self, value: object, name: str) -> Iterator[SchemaError]:
        """What the schema ``name`` finds wrong in ``value``, in no useful order.

        Raises KeyError when there is no such schema, RecursionError for a refused value that is
        nested some hundred levels deep.
        """
        if self._verdicts.accepts(value, name):
            return
        from s7spec.validate.refusals import SchemaError  # only here: most documents are right

        found = False
        for error in self._reference(name).iter_errors(value):
            found = True
            yield SchemaError(
                keyword=error.validator if isinstance(error.validator, str) else None,
                demand=error.validator_value,
                instance=error.instance,
                schema=error.schema if isinstance(error.schema, dict) else {},
                pointer=tuple(error.absolute_path),
                schema_path=tuple(error.absolute_schema_path),
            )
        if not found:
            yield from self._disputed(value, name)

    def _disputed(self, value: object, name: str) -> Iterator[SchemaError]:
        """What only jsonschema-rs finds wrong."""
        from s7spec.validate.refusals import SchemaError

        for refusal in self._verdicts.refusals(value, name):
            words = f"jsonschema-rs says: {refusal.message}; jsonschema finds nothing wrong"
            yield SchemaError(
                keyword=None,
                demand=None,
                instance=value_at(value, refusal.pointer),
                schema={"$comment": words},
                pointer=refusal.pointer,
                schema_path=refusal.schema_path,
            )

    def _reference(self, name: str) -> Any:
        from s7spec.validate.reference import reference_for, registry_of

        if self._registry is None:
            self._registry = registry_of([json.loads(text) for text in self._texts.values()])
        if name not in self._references:
            self._references[name] = reference_for(
                json.loads(self._texts[name]), self._registry, self._part, long=self._long
            )
        return self._references[name]

    def _part(self, schema: dict[str, Any]) -> Accepts | None:
        from jsonschema_rs import ReferencingError

        try:
            is_valid = self._verdicts.compile(schema).is_valid
        except (ReferencingError, ValueError):
            return None

        def accepts(value: object) -> bool:
            try:
                return is_valid(value)
            except ValueError:
                return False

        return accepts
