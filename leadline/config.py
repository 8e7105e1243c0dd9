"""Settings: flags over environment over leadline.toml over defaults; an unknown key is an error."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from leadline.errors import ConfigError, nearest

FILE = "leadline.toml"
Origin = Literal["default", "leadline.toml", "environment", "flag"]
Params = Mapping[str, Mapping[str, Any]]
Tables = Mapping[str, Mapping[str, Any]]

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "store": "store",  # a folder beside leadline.toml
        "store_endpoint": "",  # of a bucket; else AWS's
        "store_region": "",  # of a bucket; else what its endpoint or AWS's own settings say
        "store_cache": "10GB",  # what is kept of a bucket on this machine, at most
        "store_keys": "",  # a file of keys to a bucket; else the environment has them
        "contact": "",  # sources want to know whom to write to; the SEC refuses without
        "memory": "",  # DuckDB's own default is 80 % of the machine
        "threads": 0,  # 0 is one a core
        "pairs": "",  # those that a feed names itself
        "symbols": "",  # so are these
    }
)

_TAKES = {
    "store": "a folder, or s3://bucket/prefix",
    "store_endpoint": "an address such as https://s3.example.com",
    "store_region": "a region such as eu-central-1",
    "store_cache": "a size such as 10GB, 0 for none",
    "store_keys": "a file",
    "contact": "text",
    "memory": "a size such as 8GB",
    "threads": "a whole number, 0 for one a core",
    "pairs": "all, or pairs such as BTC-USDT, ETH-USDT",
    "symbols": "tickers such as AAPL, BRK.B",
}
_PARTS = {
    "rules": "[rules.big_sweeps]",
    "channels": "[channels.desk]",
    "schedule": "[schedule.sec_13f]",
    "exports": "[exports.morning]",
    "models": "[models.isolation_forest]",
}
ROLES = ("champion", "challenger")
_ROLES_VIEW = "curated.model_roles"
_BUCKET = re.compile(r"(?P<endpoint>https?://(?P<host>[^/\s]+))/(?P<bucket>[\w.-]+)/?", re.ASCII)
_HOST = re.compile(r"(?:https?|wss?)://[^/\s?]+")
_PAIRS = re.compile(r"all|[^\s,-]+-[^\s,-]+( *, *[^\s,-]+-[^\s,-]+)*")
_SYMBOLS = re.compile(r"[A-Z0-9.]+( *, *[A-Z0-9.]+)*")
_SIZE = re.compile(r"\d+(\.\d+)? ?(%|[kmgt](i?b)?)", re.IGNORECASE)  # as DuckDB reads it
_ENDPOINT = re.compile(r"https?://[^/\s?@]+/?")
_REGION = re.compile(r"[a-z0-9-]+")
_BYTES = re.compile(r"0|\d+(\.\d+)? ?[kmgt]i?b", re.IGNORECASE)
_FORMS = {  # of what may be left empty
    "memory": _SIZE, "pairs": _PAIRS, "symbols": _SYMBOLS, "store_endpoint": _ENDPOINT,
    "store_region": _REGION,
}  # fmt: skip
_AT = re.compile(r"(.+) \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True)
class Place:
    """Where a source's bucket is, and the keys to it, which are shown to nobody."""

    source: str
    endpoint: str
    host: str
    bucket: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def address(self) -> str:
        """The endpoint and the bucket in it."""
        return f"{self.endpoint}/{self.bucket}"


@dataclass(frozen=True)
class Config:
    """What is in force, and where each setting came from."""

    store: str
    store_endpoint: str = ""
    store_region: str = ""
    store_cache: str = "10GB"
    store_keys: str = ""
    contact: str = ""
    memory: str = ""
    threads: int = 0
    pairs: str = ""
    symbols: str = ""
    params: Params = field(default_factory=dict)
    buckets: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    rules: Tables = field(default_factory=dict)
    channels: Tables = field(default_factory=dict)
    schedule: Tables = field(default_factory=dict)
    exports: Tables = field(default_factory=dict)
    models: Tables = field(default_factory=dict)
    serve: Mapping[str, Any] = field(default_factory=dict)
    tracking: Mapping[str, Any] = field(default_factory=dict)
    retention: Mapping[str, Any] = field(default_factory=dict)
    spark: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def engine(self) -> dict[str, str]:
        """Return DuckDB's settings for an instance of ours: nothing is fetched from outside."""
        settings = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
        if self.memory:
            settings["memory_limit"] = self.memory
        if self.threads:
            settings["threads"] = str(self.threads)
        return settings

    def moved(self, address: str) -> str:
        """Return where an address is to be asked for: at another host, if the settings say so."""
        host = _HOST.match(address)
        return self.addresses.get(host[0], host[0]) + address[host.end() :] if host else address

    def named_pairs(self) -> tuple[str, ...]:
        """Return which pairs are listened to; none are those that a feed names itself."""
        return _listed(self.pairs)

    def named_symbols(self) -> tuple[str, ...]:
        """Return which stocks are asked for; none are those that a feed names itself."""
        return tuple(dict.fromkeys(_listed(self.symbols)))

    def bucket(self, source: str, default: str) -> Place:
        """Return where a source's bucket is, with the keys that the environment holds."""
        (variable,) = variables(source, "bucket")
        named = os.environ.get(variable)
        found = (
            _bucket(variable, named) if named else _bucket(FILE, self.buckets.get(source, default))
        )
        return Place(source, *found.groups(), *secrets(source, "key_id", "secret"))


def read(root: Path, flags: Mapping[str, Any] | None = None) -> Config:
    """Read the settings of the project at root; a flag that is None was not given."""
    values, origins = dict(DEFAULTS), dict.fromkeys(DEFAULTS, "default")
    written = _file(root / FILE)
    params = _named("params", written, '[params."options.oi_change"]')
    parts = {name: _named(name, written, each) for name, each in _PARTS.items()}
    if challengers := _challengers(root, parts["models"]):
        told = {**params.get(_ROLES_VIEW, {}), "challengers": ",".join(challengers)}
        params = {**params, _ROLES_VIEW: told}
    serve, tracking, retention = (
        _table(name, written) for name in ("serve", "tracking", "retention")
    )
    for key, value in tracking.items():
        if key != "mlflow":
            raise ConfigError(f"{FILE}: tracking has no '{key}'{nearest(key, ('mlflow',))}")
        if not isinstance(value, str):
            raise ConfigError(
                f"{FILE}: tracking.mlflow is '{value}'; it takes an address or a path"
            )
    spark = _spark(_table("spark", written))
    buckets = _buckets(root, written.pop("buckets", {}))
    addresses = _addresses(written.pop("addresses", {}))
    given = {key: os.environ.get(_variable(key)) or None for key in DEFAULTS}
    for origin, source in ((FILE, written), ("environment", given), ("flag", flags or {})):
        for key, value in source.items():
            if value is not None:
                values[key], origins[key] = _typed(origin, key, value), origin
    if "://" not in values["store"]:
        # A path is meant from where it was written; an installation holds no store.
        is_installed = Path(__file__).parent in root.parents
        own = origins["store"] in (FILE, "default") and not is_installed
        home = root if own else Path.cwd()
        values["store"] = str((home / Path(values["store"]).expanduser()).absolute())
    tables: Any = {"params": params, "buckets": buckets, "addresses": addresses, "serve": serve}
    tables |= parts | {"tracking": tracking, "retention": retention, "spark": spark}
    return Config(**values, **tables, origins=origins)  # type: ignore[arg-type]


def digest(config: Config) -> str:
    """Return what tells these settings from others; nothing can be read from it."""
    said = {name: value for name, value in asdict(config).items() if name != "origins"}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def variables(source: str, *names: str) -> list[str]:
    """Return the variables of the environment that are a source's own."""
    return [_variable(f"{source}_{name}") for name in names]


def secrets(source: str, *names: str) -> list[str]:
    """Return what only the environment may hold; what is not there is told by its variable."""
    asked = variables(source, *names)
    if missing := [name for name in asked if not os.environ.get(name)]:
        said = " and ".join(missing)
        raise ConfigError(
            f"{source}: it answers nobody without keys; set {said} in the environment"
        )
    return [os.environ[name] for name in asked]


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of settings; what is no TOML is a ConfigError with its line."""
    try:
        return tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        found = _AT.fullmatch(str(error))
        where, what = (f"{path}:{found[2]}", found[1]) if found else (str(path), str(error))
        raise ConfigError(f"{where}: {what[0].lower()}{what[1:]}; mend the line") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: byte {error.start} is no UTF-8 text") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}; name a file") from error


def _file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    written = read_toml(path)
    known = (
        *DEFAULTS, "params", "buckets", "addresses", "serve", "tracking", "retention", "spark",
        *_PARTS,
    )  # fmt: skip
    for key in written:
        if key not in known:
            raise ConfigError(f"{path}: unknown key '{key}'{nearest(key, known)}")
    return written


def _named(key: str, written: dict[str, Any], example: str) -> Tables:
    """Take out a table of named tables; what each may hold is known to whoever reads it."""
    found = written.pop(key, {})
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise ConfigError(f"{FILE}: {key} holds named tables; write {example}")
    return found


def _table(key: str, written: dict[str, Any]) -> dict[str, Any]:
    """Take out a table of settings."""
    found = written.pop(key, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{FILE}: {key} is a table; write [{key}]")
    return found


def _spark(written: dict[str, Any]) -> dict[str, Any]:
    """Check where Spark is and what it is told: Spark's own settings, by their own names."""
    for key, value in written.items():
        if key not in ("master", "conf"):
            raise ConfigError(f"{FILE}: spark has no '{key}'{nearest(key, ('master', 'conf'))}")
        if key == "master" and not isinstance(value, str):
            raise ConfigError(f"{FILE}: spark.master is '{value}'; it takes a text as local[2]")
        if key == "conf" and not (
            isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
        ):
            raise ConfigError(
                f"{FILE}: spark.conf holds texts by Spark's own names; "
                f'write "spark.executor.memory" = "4g"'
            )
    return written


def _challengers(root: Path, written: Tables) -> list[str]:
    """Return the models that only run beside those that detectors trust."""
    if not written:
        return []
    from leadline import project  # which reads this file's name

    known = project.models(root)
    for name, said in written.items():
        if name not in known:
            raise ConfigError(f"{FILE}: models has '{name}', which is none{nearest(name, known)}")
        for key in said:
            if key != "role":
                raise ConfigError(f"{FILE}: models.{name} has no '{key}'{nearest(key, ('role',))}")
        if (role := said.get("role", ROLES[0])) not in ROLES:
            near = nearest(str(role), ROLES) or f"; it takes {' or '.join(ROLES)}"
            raise ConfigError(f"{FILE}: models.{name}.role is '{role}'{near}")
    return sorted(name for name, said in written.items() if said.get("role") == ROLES[1])


def _buckets(root: Path, written: Any) -> Mapping[str, str]:
    if not isinstance(written, dict):
        raise ConfigError(f"{FILE}: buckets is a table of addresses; write [buckets]")
    if written:
        from leadline import project  # which reads this file's name

        known = {name.partition("_")[0] for name in project.feeds(root)}
        for source, address in written.items():
            if source not in known:
                what = f"buckets has '{source}', which no feed is of{nearest(source, known)}"
                raise ConfigError(f"{FILE}: {what}")
            _bucket(FILE, address)
    return written


def _addresses(written: Any) -> Mapping[str, str]:
    pairs = written.items() if isinstance(written, dict) else [(written, "")]
    for host, instead in pairs:
        if not all(isinstance(each, str) and _HOST.fullmatch(each) for each in (host, instead)):
            raise ConfigError(
                f"{FILE}: addresses says '{host}'; it takes a host and the one in its place, as "
                f'"wss://data-stream.binance.vision" = "wss://stream.binance.com:9443"'
            )
    return dict(pairs)


def _bucket(where: str, address: Any) -> re.Match[str]:
    found = _BUCKET.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        raise ConfigError(
            f"{where}: a bucket is '{address}'; it takes an address such as "
            f"https://files.example.com/bucket"
        )
    return found


def _typed(origin: str, key: str, value: Any) -> Any:
    if key not in DEFAULTS:
        raise ConfigError(f"{origin}: unknown setting '{key}'{nearest(key, DEFAULTS)}")
    wanted = type(DEFAULTS[key])
    try:
        if isinstance(value, bool) or (origin == FILE and not isinstance(value, wanted)):
            raise ValueError(value)
        typed = wanted(value)
        if not _is_usable(key, typed):
            raise ValueError(value)
        return typed
    except ValueError as error:
        where = {"environment": _variable(key), "flag": f"--{key}"}.get(origin, origin)
        said = str(value).lower() if isinstance(value, bool) else value
        raise ConfigError(f"{where}: {key} is '{said}'; it takes {_TAKES[key]}") from error


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _is_usable(key: str, value: Any) -> bool:
    if key == "store":
        return bool(value)
    if key == "store_cache":
        return _BYTES.fullmatch(value) is not None
    if pattern := _FORMS.get(key):
        return not value or pattern.fullmatch(value) is not None
    return bool(value >= 0) if key == "threads" else True


def _variable(key: str) -> str:
    return f"LEADLINE_{key.upper()}"
