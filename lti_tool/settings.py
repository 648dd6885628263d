"""Every setting, typed, with its default and its reason.

Read once from the environment (prefix `LTI_TOOL_`) and handed to `create_app` and the worker;
nothing else reads the environment. Yes and no are 1 and 0. Each may be given by file instead:
`LTI_TOOL_SECRET_KEY_FILE` names a file that holds what `LTI_TOOL_SECRET_KEY` would.
"""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote, urlsplit

from lti_tool.core.errors import Unusable

PREFIX = "LTI_TOOL_"
_BY_FILE = "_FILE"
_PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may decide. Field names are the variables' names in lower case."""

    base_url: str
    database_url: str
    queue_url: str
    secret_key: str
    keys_dir: Path
    config_dir: Path
    instance_dir: Path
    demo: bool
    allow_private_platforms: bool
    platform_ca: Path | None
    """A file of certificate authorities that calls of ours trust besides the public ones."""
    allow_http: bool
    trusted_proxies: int
    log_format: str
    platform_timeout_s: float
    refusals_per_minute: int
    """How many refusals one address is answered in a minute before the answer is 429."""
    mail_url: str
    """The mail server, or a folder that messages are written to; empty: no mail is sent."""
    mail_from: str
    """The sender's address, with or without a name before it."""
    metrics_token: str
    """What a monitoring system sends as a bearer for `/metrics`; empty: only this machine may."""
    oidc_issuer: str
    """The university's identity provider, for staff sign-in; empty: there is no staff sign-in."""
    oidc_client_id: str
    oidc_client_secret: str
    sentry_dsn: str
    """Where unforeseen faults are reported to, without anything about people; empty: nowhere."""

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the tool over TLS."""
        return self.base_url.startswith("https://")

    @property
    def has_staff_sign_in(self) -> bool:
        """Whether staff may sign in without a course site."""
        return bool(self.oidc_issuer)

    def url(self, path: str) -> str:
        """An address of the tool as browsers see it; `path` begins with a slash."""
        return self.base_url + path


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    raw = env.get(PREFIX + name, "").strip().lower()
    if not raw:
        return default
    if raw in {"1", "yes", "true", "on"}:
        return True
    if raw in {"0", "no", "false", "off"}:
        return False
    raise Unusable(f"{PREFIX}{name} is “{raw}”. Set it to 1 for yes or 0 for no.")


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    raw = env.get(PREFIX + name, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        raise Unusable(f"{PREFIX}{name} is “{raw}”. Set it to a number.") from None
    if not 0 <= value < 1e6:
        raise Unusable(f"{PREFIX}{name} is {raw}. Set it to a number from 0 up.")
    return value


def _base_url(env: Mapping[str, str], allow_http: bool) -> str:
    raw = env.get(PREFIX + "BASE_URL", "").strip().rstrip("/") or "http://127.0.0.1:8080"
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise Unusable(
            f"{PREFIX}BASE_URL is “{raw}”. Set it to the address browsers use, "
            "for example https://tool.example.ac.uk."
        )
    if parts.scheme == "http" and not allow_http:
        raise Unusable(
            f"{PREFIX}BASE_URL begins with http. Use https, or set {PREFIX}ALLOW_HTTP=1 "
            "for a trial on one machine."
        )
    return raw


def _secret_key(env: Mapping[str, str], demo: bool) -> str:
    secret = env.get(PREFIX + "SECRET_KEY", "")
    if len(secret) >= 32:
        return secret
    if demo and not secret:
        return "the demo keeps nothing secret from the person who runs it"
    raise Unusable(
        f"{PREFIX}SECRET_KEY is missing or shorter than 32 characters. Make one with "
        "`python -c 'import secrets; print(secrets.token_hex(32))'` and keep it safe."
    )


def _metrics_token(env: Mapping[str, str]) -> str:
    token = env.get(PREFIX + "METRICS_TOKEN", "").strip()
    if token and len(token) < 16:
        raise Unusable(
            f"{PREFIX}METRICS_TOKEN is shorter than 16 characters. Make one with "
            "`python -c 'import secrets; print(secrets.token_hex(32))'`, or leave it out."
        )
    return token


def _platform_ca(env: Mapping[str, str]) -> Path | None:
    raw = env.get(PREFIX + "PLATFORM_CA", "").strip()
    if not raw:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(raw)
    except OSError as error:  # an SSLError is one
        why = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise Unusable(
            f"{PREFIX}PLATFORM_CA names {raw}, which cannot be used ({why}). Set it to the path of "
            "a PEM file with the certificate of the authority that signed your Moodle’s."
        ) from None
    return Path(raw).resolve()


_OIDC = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


def _oidc(env: Mapping[str, str], allow_http: bool) -> tuple[str, str, str]:
    """Issuer, client id and secret of staff sign-in: all three or none."""
    issuer, client_id, secret = (env.get(PREFIX + name, "").strip() for name in _OIDC)
    given = (issuer, client_id, secret)
    if not any(given):
        return given
    missing = [PREFIX + name for name, value in zip(_OIDC, given, strict=True) if not value]
    if missing:
        raise Unusable(
            f"Staff sign-in is half set: {' and '.join(missing)} missing. Set all three of "
            f"{', '.join(PREFIX + name for name in _OIDC)}, or none."
        )
    parts = urlsplit(issuer)
    schemes = {"https", "http"} if allow_http else {"https"}
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
        raise Unusable(
            f"{PREFIX}OIDC_ISSUER is “{issuer}”. Set it to the https address that your identity "
            "provider calls its issuer, for example https://idp.example.ac.uk."
        )
    return given


def _mail(env: Mapping[str, str], demo: bool, instance_dir: Path) -> tuple[str, str]:
    """The mail server's address and the sender's; the demo writes to a folder of its own."""
    url = env.get(PREFIX + "MAIL_URL", "").strip()
    sender = env.get(PREFIX + "MAIL_FROM", "").strip()
    if demo:
        url = url or (instance_dir / "mail").as_uri()
        sender = sender or "SENCo training (demo) <demo@tool.invalid>"
    if url and not sender:
        raise Unusable(
            f"{PREFIX}MAIL_URL is set and {PREFIX}MAIL_FROM is not. Set it to the address "
            "messages come from, for example “SENCo training <senco@example.ac.uk>”."
        )
    return url, sender


def _with_files(env: Mapping[str, str]) -> dict[str, str]:
    """The settings with those that are given by file, as container platforms hand secrets over,
    so that they stand in no environment and no process list."""
    found = {name: value for name, value in env.items() if name.startswith(PREFIX)}
    for name in [one for one in found if one.endswith(_BY_FILE) and found[one]]:
        plain = name.removesuffix(_BY_FILE)
        if found.get(plain):
            raise Unusable(f"Both {plain} and {name} are set. Set one of them only.")
        try:
            found[plain] = Path(found[name]).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            raise Unusable(
                f"{name} names {found[name]}, which cannot be read ({why}). Check the path, and "
                "that this account may read it."
            ) from None
    return found


def _server_url(env: Mapping[str, str], name: str, default: str) -> str:
    """An address of the database or the queue, with `DATABASE_PASSWORD` where it has none."""
    url = env.get(PREFIX + name) or default
    password = env.get(PREFIX + "DATABASE_PASSWORD")
    try:
        parts = urlsplit(url)
    except ValueError:  # it holds a password perhaps, and is not repeated
        raise Unusable(f"{PREFIX}{name} cannot be read as an address. Look at its host.") from None
    if not password or not parts.scheme.startswith("postgresql") or parts.password is not None:
        return url
    if parts.username is None:
        raise Unusable(
            f"{PREFIX}DATABASE_PASSWORD is set and {PREFIX}{name} names no user. Set it to an "
            "address such as postgresql://lti_tool@db.example.ac.uk/lti_tool."
        )
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()


def list_unknown(env: Mapping[str, str] | None = None) -> list[tuple[str, str | None]]:
    """Variables with our prefix that are no setting, such as a slip of the pen; each with the
    setting that was perhaps meant."""
    names = [f"{PREFIX}{one.name.upper()}" for one in fields(Settings)]
    names.append(f"{PREFIX}DATABASE_PASSWORD")
    known = {*names, *(name + _BY_FILE for name in names)}
    given = os.environ if env is None else env
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    return [(name, next(iter(get_close_matches(name, names, 1)), None)) for name in unknown]


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    :param env: variables by name; the process's own environment where left out.
    :raises Unusable: a setting that cannot be used, with what to set instead.
    """
    env = _with_files(os.environ if env is None else env)
    demo = _flag(env, "DEMO", False)
    allow_http = _flag(env, "ALLOW_HTTP", demo)
    instance_dir = Path(env.get(PREFIX + "INSTANCE_DIR") or _PROJECT_ROOT / "instance").resolve()
    log_format = env.get(PREFIX + "LOG_FORMAT") or ("text" if demo else "json")
    if log_format not in {"json", "text"}:
        raise Unusable(f"{PREFIX}LOG_FORMAT is “{log_format}”. Set it to json or text.")
    mail_url, mail_from = _mail(env, demo, instance_dir)
    oidc_issuer, oidc_client_id, oidc_client_secret = _oidc(env, allow_http)
    return Settings(
        base_url=_base_url(env, allow_http),
        database_url=_server_url(env, "DATABASE_URL", f"sqlite:///{instance_dir}/lti_tool.sqlite"),
        queue_url=_server_url(env, "QUEUE_URL", f"sqlite:///{instance_dir}/queue.sqlite"),
        secret_key=_secret_key(env, demo),
        keys_dir=Path(env.get(PREFIX + "KEYS_DIR") or _PROJECT_ROOT / "keys").resolve(),
        config_dir=Path(env.get(PREFIX + "CONFIG_DIR") or _PROJECT_ROOT / "config").resolve(),
        instance_dir=instance_dir,
        demo=demo,
        allow_private_platforms=_flag(env, "ALLOW_PRIVATE_PLATFORMS", demo),
        platform_ca=_platform_ca(env),
        allow_http=allow_http,
        trusted_proxies=int(_number(env, "TRUSTED_PROXIES", 0)),
        log_format=log_format,
        platform_timeout_s=_number(env, "PLATFORM_TIMEOUT_S", 10),
        refusals_per_minute=int(_number(env, "REFUSALS_PER_MINUTE", 60)) or 1,
        mail_url=mail_url,
        mail_from=mail_from,
        metrics_token=_metrics_token(env),
        oidc_issuer=oidc_issuer,
        oidc_client_id=oidc_client_id,
        oidc_client_secret=oidc_client_secret,
        sentry_dsn=env.get(PREFIX + "SENTRY_DSN", "").strip(),
    )
