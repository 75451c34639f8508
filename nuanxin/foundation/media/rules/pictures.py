"""A photo is decoded, turned upright, made small and written anew: nothing of the original file goes on.

What a phone writes into a photo (place, device, serial numbers, a thumbnail of the uncropped picture) dies
with the original. What cannot be decoded is refused, never stored as it came.
"""

import io
import warnings
from dataclasses import dataclass

import pillow_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from .refusal import Refused

Image.init()  # formats are opened by name below, which does not load them
pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LARGEST = 25 * 1024 * 1024
"""Bytes. A photo of a current phone has 3 to 12 MB."""
MOST_PIXELS = 120_000_000
"""A phone's largest mode has 108 million; a bomb claims billions in a few kilobytes."""
SIDE = 2048
"""Pixels of the longer side after resizing: a shop sign stays readable, a file has about 500 kB."""
QUALITY = 85


@dataclass(frozen=True)
class Picture:
    data: bytes
    width: int
    height: int
    mime: str = "image/jpeg"
    suffix: str = ".jpg"


def clean_picture(data: bytes) -> Picture:
    """The picture anew, as JPEG in sRGB of at most 2048 × 2048 pixels without any metadata. Raises
    Refused.
    """
    if not data:
        raise Refused("empty", _("文件是空的，请重新选择照片。"))
    if len(data) > LARGEST:
        raise Refused("too_large", _("照片超过 25 MB，请换一张或降低拍摄分辨率。"))
    try:
        with warnings.catch_warnings():
            # Pillow warns from half its limit on; ours is checked below, before anything is decoded
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as source:
                if source.width * source.height > MOST_PIXELS:
                    raise Refused("too_many_pixels", _("照片的像素太多（超过 1.2 亿），请换一张。"))
                # JPEG can be decoded at a fraction of its size: no need for 300 MB of pixels
                source.draft("RGB", (SIDE * 2, SIDE * 2))
                source.load()
                upright = ImageOps.exif_transpose(source)
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise Refused("too_many_pixels", _("照片的像素太多（超过 1.2 亿），请换一张。")) from error
    except UnidentifiedImageError as error:
        raise Refused(
            "not_a_picture", _("这不是可识别的照片。请使用 JPG、PNG、WebP 或 HEIC 格式。")
        ) from error
    except Exception as error:
        # decoders raise whatever they like on damaged files: all of it means the same to the person
        raise Refused("damaged", _("照片已损坏或没有传完，请重新拍摄或重新上传。")) from error
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", upright.size, "white")
    # pasted into a new picture, so that no comment, profile or chunk of the old one comes along
    layer = upright.convert("RGBA") if _transparent(upright) else upright.convert("RGB")
    clean.paste(layer, mask=layer.getchannel("A") if layer.mode == "RGBA" else None)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), clean.width, clean.height)


def _transparent(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
