"""The URL of a PostgreSQL database: checked, and shown without its password."""

from urllib.parse import parse_qs, unquote, urlsplit

_EXAMPLE = "postgresql://user:password@host:5432/database"


def check_database_url(url: str) -> None:
    """Refuse a URL of another shape; raises ValueError with a sentence that does not show it."""
    scheme, found, _ = url.partition("://")
    if not found or scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"PORTAL_DATABASE_URL does not begin with postgresql://; give {_EXAMPLE}")
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
        _check_ports(parts.netloc.rpartition("@")[2].split(","), query.get("port", []))
    except ValueError:
        raise ValueError(f"PORTAL_DATABASE_URL cannot be read; {_QUOTE}") from None
    after_host = url.partition(parts.netloc)[2] if parts.netloc else url
    if parts.netloc.count("@") > 1 or "@" in after_host or parts.fragment or not url.isprintable():
        raise ValueError(f"PORTAL_DATABASE_URL cannot be read; {_QUOTE}")
    if not _name(parts.path) or "/" in _name(parts.path):
        raise ValueError(f"PORTAL_DATABASE_URL names no database; give {_EXAMPLE}")


def shown_database_url(url: str) -> str:
    """Name the database, without user or password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or parse_qs(parts.query).get("host", ["this machine"])[0]
    return f"PostgreSQL at {unquote(host)}, database {_name(parts.path)}"


def _check_ports(hosts: list[str], ports: list[str]) -> None:
    """Read the port of every host: one database may have several servers."""
    for address in (*hosts, *(f"host:{port}" for each in ports for port in each.split(","))):
        _ = urlsplit(f"//{address}").port


def _name(path: str) -> str:
    return unquote(path.removeprefix("/"))


_QUOTE = (
    "write any of @ : / ? # % in its password as %40 %3A %2F %3F %23 %25, "
    f"and give the whole as {_EXAMPLE}"
)
