"""What may be accepted as a picture or a document; bytes in, clean bytes or a readable refusal out."""

from .documents import MIME, sniff
from .pictures import Picture, clean_picture
from .refusal import Refused

__all__ = ["MIME", "Picture", "Refused", "clean_picture", "sniff"]
