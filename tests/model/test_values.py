"""The nouns are values: frozen, slotted, named by keyword, and hold nothing that can change."""

import ast
import dataclasses
import importlib
import pkgutil
from typing import Any

import pytest

import s7spec.model

MODULES = [
    importlib.import_module(f"s7spec.model.{module.name}")
    for module in pkgutil.iter_modules(s7spec.model.__path__)
]
NOUNS = [
    value
    for module in MODULES
    for value in vars(module).values()
    if dataclasses.is_dataclass(value)
    and isinstance(value, type)
    and value.__module__ == module.__name__
]
CHANGEABLE = {"list", "dict", "set", "List", "Dict", "Set", "MutableMapping", "Any"}


def test_there_are_nouns() -> None:
    assert len(NOUNS) > 30


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_noun_is_frozen_and_slotted(noun: Any) -> None:
    parameters = noun.__dataclass_params__
    assert parameters.frozen
    assert "__slots__" in vars(noun)
    assert all(field.kw_only for field in dataclasses.fields(noun))


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_noun_holds_nothing_that_changes(noun: Any) -> None:
    for field in dataclasses.fields(noun):
        words = {
            node.id for node in ast.walk(ast.parse(str(field.type))) if isinstance(node, ast.Name)
        }
        assert not words & CHANGEABLE, f"{field.name}: {field.type}"
