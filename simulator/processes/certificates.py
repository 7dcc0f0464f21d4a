"""Certificates of a test authority, for doubles whose clients insist on TLS.

The authority is made anew for each run; its certificate goes into a file that clients are pointed
at (`REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`). Nothing else trusts it.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.processes.loopback import HOST


@dataclass(frozen=True)
class Certificates:
    """A server's key and certificate chain, and the authority's certificate, as PEM files."""

    authority: Path
    chain: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """Make the context of a server that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Make the context of a client that trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.authority))


def names_of_machine(host: str) -> tuple[str, ...]:
    """List the names and addresses by which other machines may reach a server on this one."""
    names = {socket.gethostname(), socket.getfqdn()}
    with suppress(OSError):
        names |= {str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None)}
    if not ipaddress.ip_address(host).is_unspecified:
        names.add(host)
    # An address may come with the interface that it is of.
    return tuple(sorted(each.partition("%")[0] for each in names))


def loopback_certificates(folder: Path, *names: str) -> Certificates:
    """Make an authority and a certificate for loopback and other host names, in a folder."""
    authority = trustme.CA()
    server = authority.issue_cert(HOST, "localhost", *names)
    found = Certificates(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(found.authority))
    found.chain.write_bytes(b"".join(each.bytes() for each in server.cert_chain_pems))
    found.key.touch(0o600)
    server.private_key_pem.write_to_path(str(found.key))
    return found


def signing_key(path: Path) -> str:
    """Make a private key for signing tokens (RS256), in a file; return its public key as PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    path.touch(0o600)
    no_password = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, no_password))
    public = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, public).decode()
