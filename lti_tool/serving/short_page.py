"""The answer to a request that could not be read, for which there is no application to ask."""

from http import HTTPStatus

from lti_tool.web.errors import HTTP_SENTENCES, UNEXPECTED

_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{happened}</title>
</head>
<body>
<main>
<h1>{happened}</h1>
<p>{to_do}</p>
<p>If you ask for help, quote reason <code>http_{status}</code> and reference \
<code>{reference}</code>.</p>
</main>
</body>
</html>
"""
_HEAD = """HTTP/1.1 {status} {phrase}\r
Connection: close\r
Content-Type: text/html; charset=utf-8\r
Content-Length: {length}\r
Content-Security-Policy: default-src 'none'; frame-ancestors *\r
X-Content-Type-Options: nosniff\r
X-Reason-Code: http_{status}\r
\r
"""


def short_page(status: int, reference: str) -> bytes:
    """A whole answer, head and body.

    :param status: of HTTP; the sentences are those of the application's own error pages.
    :param reference: as the log has it.
    """
    happened, to_do = HTTP_SENTENCES.get(status, HTTP_SENTENCES[400])
    if status >= 500:
        happened, to_do = UNEXPECTED
    said = {"happened": happened, "to_do": to_do, "status": status, "reference": reference}
    body = _PAGE.format(**said).encode()
    phrase = HTTPStatus(status).phrase
    return _HEAD.format(status=status, phrase=phrase, length=len(body)).encode() + body
