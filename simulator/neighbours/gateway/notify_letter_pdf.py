"""A letter as one page of PDF: the words in Helvetica, a line each, and nothing more."""

from collections.abc import Iterable

_FONT = b"/Resources << /Font << /F1 5 0 R >> >>"
_LEFT_POINTS, _TOP_POINTS, _LEADING_POINTS = 60, 780, 16


def letter_pdf(lines: Iterable[str]) -> bytes:
    """Make a page of A4 with these lines; characters outside Latin 1 become question marks."""
    words = "\n".join(f"({_escaped(each)}) Tj T*" for each in lines)
    page = f"BT /F1 11 Tf {_LEADING_POINTS} TL {_LEFT_POINTS} {_TOP_POINTS} Td\n{words}\nET"
    content = page.encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % _FONT,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    document, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return document + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (count, table, count, len(document))
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
