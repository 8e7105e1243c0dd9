"""What /openapi.json says: every view's columns with type and comment, and each answer's shape."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from panel_app.address import COMPARED, FORMS, OWN, Reader
from panel_app.faults import MEANS
from panel_app.values import kind_of, null_or

Said = dict[str, Any]
_TEXT, _MOMENT = {"type": "string"}, {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_ERROR = {"$ref": "#/components/schemas/Error"}
_HEADERS = {
    "etag": ("Weak; send it back as If-None-Match, and what has not changed is a 304.", _TEXT),
    "leadline-until": ("Where the span ended.", _MOMENT),
    "leadline-as-of": ("What the store knew: as_of with this answers the same again.", _MOMENT),
    "leadline-store-version": ("Of the store's log, as it was asked.", _TEXT),
    "leadline-zone": ("Of every moment.", _TEXT),
    "leadline-order": ("total, or any where it was asked so.", _TEXT),
    "leadline-next": ("The cursor of the next page, where one follows.", _TEXT),
    "link": ("The address of the next page, where one follows.", _TEXT),
}
_STATUSES = (401, 403, 404, 422, 429, 500, 503, 504)
_FILTERS = (
    "A column filters: `column=value`, or `column__gte=value` with one of "
    f"{', '.join(COMPARED)}; the values of `in` stand with commas between, "
    "and `column__null` is true or false."
)


def told(*statuses: int) -> dict[int | str, Said]:
    """Return what a route says of the errors that it may answer."""
    return {
        each: {
            "description": MEANS[each],
            "content": {"application/json": {"schema": _ERROR}},
        }
        for each in statuses
    }  # fmt: skip


LIST: dict[int | str, Said] = told(401, 403, 429, 500)
ASKED: dict[int | str, Said] = told(*_STATUSES)  # of a route that asks views


def add(app: FastAPI, reader: Reader, views: Iterable[Mapping[str, Any]]) -> None:
    """Have an app describe itself with all of its views, made when somebody first looks."""
    listed = list(views)

    def openapi() -> Said:
        if app.openapi_schema is None:
            said = get_openapi(
                title=app.title, version=app.version, description=app.description,
                routes=[route for route in app.routes if not _is_page(route)],
            )  # fmt: skip
            app.openapi_schema = _whole(said, reader, listed)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _is_page(route: Any) -> bool:
    """Say whether a route lays out a page, which is for people."""
    return str(getattr(route, "endpoint", route).__module__).startswith(("bokeh_fastapi", "panel."))


def _whole(said: Said, reader: Reader, views: Iterable[Mapping[str, Any]]) -> Said:
    """Return what the framework says with every view added, and with one shape of errors."""
    parts = said.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Error"] = {
        "type": "object", "required": ["error"], "additionalProperties": False,
        "properties": {"error": {**_TEXT, "description": "Where, what is wrong, what now."}},
    }  # fmt: skip
    parts["responses"] = {f"error{each}": said for each, said in told(*_STATUSES).items()}
    parts["headers"] = {
        name: {"description": what, "schema": schema} for name, (what, schema) in _HEADERS.items()
    }
    parts["parameters"] = {
        key: _parameter(key, what, _own_schema(key)) for key, what in OWN.items()
    }
    for path in said["paths"].values():
        for operation in path.values():
            if "422" in operation.get("responses", {}):
                operation["responses"]["422"] = {"$ref": "#/components/responses/error422"}
    for view in views:
        columns = reader.columns(view["view"])
        schemas[view["view"]] = _row(view["what"], columns)
        said["paths"][view["address"]] = {"get": _operation(view, columns)}
    return said


def _operation(view: Mapping[str, Any], columns: Mapping[str, tuple[str, str]]) -> Said:
    name, grain = view["view"], view["grain"]
    names = list(columns)
    ordered = [*names, *(f"-{each}" for each in names)]
    chosen = {"columns": names, "order": ordered}
    parameters: list[Said] = [
        _parameter(key, OWN[key], {"type": "array", "minItems": 1, "items": {"enum": chosen[key]},
                                   "uniqueItems": True}) | {"style": "form", "explode": False}
        if key in chosen
        else {"$ref": f"#/components/parameters/{key}"}
        for key in OWN
    ]  # fmt: skip
    parameters += [
        _parameter(column, f"{kind}. {comment}".strip(), dict(kind_of(kind).schema) or dict(_TEXT))
        for column, (kind, comment) in columns.items()
        if column not in OWN and (kind == "json" or "type" in kind_of(kind).schema)
        and kind_of(kind).schema.get("type") not in ("array", "object")
    ]  # fmt: skip
    said = f"{grain[0].upper()}{grain[1:]}. " if grain else ""
    responses = {str(each): {"$ref": f"#/components/responses/error{each}"} for each in _STATUSES}
    return {
        "tags": [name.partition(".")[0]], "summary": view["what"],
        "description": f"{said}{_FILTERS}", "operationId": name.replace(".", "_"),
        "parameters": parameters,
        "responses": {
            "200": {"description": "Its rows.", "headers": _headers(_HEADERS),
                    "content": _content(name)},
            "304": {"description": "They are those that the client has."},
            **responses,
        },
    }  # fmt: skip


def _content(name: str) -> Said:
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    texts = {"jsonl", "csv"}
    return {
        kind.partition(";")[0]: {
            "schema": rows
            if form == "json"
            else (_TEXT if form in texts else {**_TEXT, "format": "binary"})
        }
        for form, kind in FORMS.items()
    }


def _headers(names: Iterable[str]) -> Said:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _row(what: str, columns: Mapping[str, tuple[str, str]]) -> Said:
    properties = {}
    for column, (kind, comment) in columns.items():
        properties[column] = null_or(kind_of(kind).schema)
        if comment:
            properties[column] = {**properties[column], "description": comment}
    return {
        "type": "object", "description": what, "properties": properties,
        "additionalProperties": False,
    }  # fmt: skip


def _parameter(name: str, what: str, schema: Said) -> Said:
    return {"name": name, "in": "query", "description": what, "schema": schema}


def _own_schema(key: str) -> Said:
    if key in ("limit", "offset"):
        return _COUNT
    if key in ("since", "until", "as_of"):
        return _MOMENT
    return {**_TEXT, "enum": list(FORMS)} if key == "format" else _TEXT
