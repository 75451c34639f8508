"""SM4-GCM and HMAC-SM3 as the vault uses them."""

import io
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from nuanxin.foundation.vault.keys import add_key, installation_secret, load_keyring
from nuanxin.foundation.vault.rules import CannotOpen, Keyring, open_stream, seal_stream

RING = Keyring.new()


def test_the_library_s_sm3_is_the_standard_s():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905 A.1


def test_the_library_s_sm4_is_the_standard_s():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert encryptor.update(key).hex() == "681edf34d206965e86b3e94f536e4246"  # GB/T 32907 A.1


@given(st.text())
def test_what_is_sealed_opens_again(text):
    assert RING.open("person.phone", RING.seal("person.phone", text)) == text


def test_nothing_known_stays_nothing():
    assert RING.seal("person.phone", "") == b""
    assert RING.index("person.phone", "") is None


def test_equal_texts_are_sealed_differently_and_found_alike():
    one, two = RING.seal("person.idno", "4305"), RING.seal("person.idno", "4305")
    assert one != two
    assert RING.index("person.idno", "4305") == RING.index("person.idno", "4305")
    assert RING.index("person.idno", "4305") != RING.index("person.phone", "4305")


def test_a_value_copied_into_another_column_does_not_open():
    with pytest.raises(CannotOpen):
        RING.open("person.idno", RING.seal("person.phone", "13800001234"))


@pytest.mark.parametrize("at", [1, 14, -1])
def test_a_changed_value_does_not_open(at):
    sealed = bytearray(RING.seal("person.phone", "13800001234"))
    sealed[at] ^= 1
    with pytest.raises(CannotOpen):
        RING.open("person.phone", bytes(sealed))


def test_a_new_key_seals_and_the_old_one_still_opens():
    old = RING.seal("person.phone", "13800001234")
    ring = RING.with_new_key()
    assert ring.open("person.phone", old) == "13800001234"
    assert (RING.version(old), ring.version(ring.seal("person.phone", "1"))) == (1, 2)
    assert ring.index("person.phone", "1") == RING.index("person.phone", "1")
    with pytest.raises(CannotOpen):
        RING.open("person.phone", ring.seal("person.phone", "1"))


def test_keys_are_not_printed():
    assert RING.keys[1].hex() not in repr(RING) and repr(RING.keys[1]) not in repr(RING)


def test_a_ring_survives_its_own_writing():
    again = Keyring.from_json(RING.with_new_key().to_json())
    assert again.current == 2 and again.open("p", RING.seal("p", "x")) == "x"


@pytest.mark.parametrize("text", ['{"keys": {}, "current": 1, "index_key": "00"}', '{"keys": {"1": "ab"}, "current": 1, "index_key": "%s"}' % ("0" * 64)])
def test_a_wrong_ring_stops_the_start(text, tmp_path):
    with pytest.raises(ValueError, match="vault keys"):
        load_keyring(tmp_path, {"NUANXIN_VAULT_KEYS": text})


def test_twenty_starts_at_once_agree_on_one_ring_that_only_the_owner_reads(tmp_path):
    with ThreadPoolExecutor(20) as pool:
        rings = list(pool.map(lambda _n: load_keyring(tmp_path, {}).to_json(), range(20)))
        secrets = list(pool.map(lambda _n: installation_secret(tmp_path), range(20)))
    assert len(set(rings)) == len(set(secrets)) == 1
    assert stat.S_IMODE(os.stat(tmp_path / "vault.json").st_mode) == 0o600
    assert not list(tmp_path.glob("vault.json.*"))


def test_adding_a_key_keeps_the_file_private(tmp_path):
    before = load_keyring(tmp_path, {})
    after = add_key(tmp_path)
    assert after.current == before.current + 1 == load_keyring(tmp_path, {}).current
    assert stat.S_IMODE(os.stat(tmp_path / "vault.json").st_mode) == 0o600


@given(st.lists(st.binary(max_size=3000), max_size=5))
def test_a_file_opens_piece_by_piece(pieces):
    key, plain, out = os.urandom(16), b"".join(pieces), io.BytesIO()
    sealed = b"".join(seal_stream(key, pieces))
    open_stream(key, io.BytesIO(sealed), len(plain), out)
    assert out.getvalue() == plain
    assert len(sealed) == len(plain) + 28
