"""Nothing of the original file goes on; what cannot be decoded is refused."""

import io
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from nuanxin.foundation.media.rules import Refused, clean_picture


def photo(size=(600, 400), fmt="JPEG", **save):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    out = io.BytesIO()
    image.save(out, fmt, **save)
    return out.getvalue()


def with_gps(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 14.0, 59.0), 3: "E", 4: (113.0, 4.0, 48.0)})
    return photo(exif=exif, comment=b"SecretComment")


def opened(picture):
    return Image.open(io.BytesIO(picture.data))


def test_place_and_device_are_gone():
    original = with_gps()
    assert b"SecretPhoneMaker" in original
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    clean = clean_picture(original)
    assert not opened(clean).getexif()
    for secret in (b"Exif", b"SecretPhoneMaker", b"SecretComment", b"http://ns.adobe.com", b"ICC_PROFILE"):
        assert secret not in clean.data
    assert set(opened(clean).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_turned_upright():
    clean = clean_picture(with_gps(orientation=6))  # held upright: 600 × 400 on the sensor
    assert (clean.width, clean.height) == (400, 600)
    red, green, _blue = opened(clean).getpixel((390, 10))  # the red corner came to the top right
    assert (red > 200, green < 60) == (True, True)


def test_large_ones_become_small():
    clean = clean_picture(photo((4000, 3000)))
    assert (clean.width, clean.height) == (2048, 1536)
    assert clean_picture(photo((300, 200))).width == 300


@pytest.mark.parametrize("fmt", ["PNG", "WEBP", "JPEG"])
def test_formats(fmt):
    clean = clean_picture(photo(fmt=fmt))
    assert opened(clean).format == "JPEG"


def test_heic():
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (320, 240), "blue")).save(out)
    clean = clean_picture(out.getvalue())
    assert (clean.width, clean.height) == (320, 240)


def test_transparent_becomes_white_and_texts_go():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    info = PngInfo()
    info.add_text("Author", "SecretAuthor")
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=info)
    clean = clean_picture(out.getvalue())
    assert opened(clean).getpixel((25, 25)) == (255, 255, 255)
    assert b"SecretAuthor" not in clean.data


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_truncated_files_are_refused(fmt, part):
    whole = photo((800, 800), fmt)
    with pytest.raises(Refused) as refused:
        clean_picture(whole[: int(len(whole) * part)])
    assert refused.value.code in ("damaged", "not_a_picture")
    assert str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0",
        b"x" * 1000,
    ],
)
def test_what_is_no_photo_is_refused(data):
    with pytest.raises(Refused):
        clean_picture(data)


def test_gif_is_not_on_the_list():
    with pytest.raises(Refused) as refused:
        clean_picture(photo(fmt="GIF"))
    assert refused.value.code == "not_a_picture"


def test_a_bomb_is_refused_before_it_is_decoded():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(10_000_000)))
        + chunk(b"IEND", b"")
    )
    assert len(bomb) < 20_000
    with pytest.raises(Refused) as refused:
        clean_picture(bomb)
    assert refused.value.code == "too_many_pixels"


def test_too_many_bytes():
    with pytest.raises(Refused) as refused:
        clean_picture(b"\xff\xd8" + bytes(26 * 1024 * 1024))
    assert refused.value.code == "too_large"
