"""The word a victim agrees with the officer when they report, and the form in which it is kept."""

import hashlib
import hmac


def agreed_word_digest(key: str, person_id: str, word: str) -> str:
    """Digest the agreed word, so that neither the crime system nor a message ever holds it.

    Keyed, since words are few: without the key a copy of the record does not give the word away.
    """
    spoken = " ".join(word.casefold().split())
    return hmac.new(key.encode(), f"{person_id}:{spoken}".encode(), hashlib.sha256).hexdigest()
