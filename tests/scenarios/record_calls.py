"""A pytest plugin that writes down what packaging's own tests ask of the library.

PACKAGING_CALLS names the file; each line is a JSON array: an operation and its arguments, each once.
"""
import json
import os

import packaging.markers
import packaging.requirements
import packaging.specifiers
import packaging.tags
import packaging.utils
import packaging.version

CALLS = set()


def _note(*call):
    CALLS.add(call)


def _before(owner, name, note):
    """Calls `note` with the arguments before the real thing."""
    real = getattr(owner, name)

    def wrapped(*arguments, **options):
        try:
            note(*arguments, **options)
        except Exception:  # what the tests do wrong on purpose is not ours to judge
            pass
        return real(*arguments, **options)

    setattr(owner, name, wrapped)


def _note_text(operation):
    def note(subject, text="", *_, **__):
        if isinstance(text, str):
            _note(operation, text)
    return note


def _note_contains(specifier, item, *_, **__):
    _note("contains", str(specifier), str(item))


def _note_filter(specifier, iterable, *_, **__):
    for item in iterable if isinstance(iterable, (list, tuple)) else ():
        _note("contains", str(specifier), str(item))


def _note_compare(left, right):
    if isinstance(right, packaging.version.Version):
        _note("compare", str(left), str(right))


def _note_evaluate(marker, environment=None, *_, **__):
    values = dict(packaging.markers.default_environment())
    values.update(environment or {})
    if all(isinstance(value, str) for value in values.values()):
        _note("evaluate", str(marker), json.dumps(values, sort_keys=True))


def pytest_configure(config):
    version, specifiers = packaging.version, packaging.specifiers
    _before(version.Version, "__init__", _note_text("version"))
    for name in ("__lt__", "__le__", "__eq__", "__ge__", "__gt__", "__ne__"):
        _before(version.Version, name, _note_compare)
    _before(specifiers.Specifier, "__init__", _note_text("specifier"))
    _before(specifiers.SpecifierSet, "__init__", _note_text("specifier"))
    for kind in (specifiers.Specifier, specifiers.SpecifierSet):
        _before(kind, "contains", _note_contains)
        _before(kind, "filter", _note_filter)
    _before(packaging.markers.Marker, "__init__", _note_text("marker"))
    _before(packaging.markers.Marker, "evaluate", _note_evaluate)
    _before(packaging.requirements.Requirement, "__init__", _note_text("requirement"))


def pytest_collection_modifyitems(items):
    """Modules that imported a function by its name get the recording one as well."""
    for module in {item.module for item in items}:
        for operation, name in (("name", "canonicalize_name"), ("wheel", "parse_wheel_filename"),
                                ("sdist", "parse_sdist_filename"), ("tag", "parse_tag")):
            if name in vars(module):
                _before(module, name, lambda text, *_, operation=operation, **__: _note(operation, str(text)))
        if "tags" in vars(module):
            _before(module.tags, "parse_tag", lambda text, *_, **__: _note("tag", str(text)))


def pytest_unconfigure(config):
    with open(os.environ["PACKAGING_CALLS"], "w", encoding="utf-8") as file:
        for call in sorted(CALLS):
            file.write(json.dumps(call) + "\n")
