"""Certificates of a test authority, for doubles whose clients insist on TLS.

The authority is made anew for each run; its certificate goes into a file that clients are pointed
at (`REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE`, `NODE_EXTRA_CA_CERTS`). Nothing else trusts it.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme

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
