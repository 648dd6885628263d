"""A file that came with a post: from the file field, or carried in the page after a preview.

Files are never kept between the two posts; see decision 0003.
"""

import base64
import binascii

from flask import request

from lti_tool.core.errors import Unusable


def posted_file(largest: int, if_none: str) -> bytes:
    """The bytes of the file, one more than `largest` where it is too large.

    :param largest: bytes.
    :param if_none: the sentence for a post without a file.
    :raises Unusable: none came.
    """
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.stream.read(largest + 1)
    try:
        data = base64.b64decode(request.form.get("file_data", ""), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise Unusable(if_none)
    return data
