"""What is stored is read back with the same key and associated data, and not otherwise."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ports.cipher import Cipher, derive_key

SECRET = "a secret of the tests that is long enough"
DATA = b"person.name"
cipher = Cipher(SECRET)


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_what_is_encrypted_is_read_back(plain: bytes, data: bytes) -> None:
    token = cipher.encrypt(plain, data)
    assert Cipher(SECRET).decrypt(token, data) == plain


def test_a_ciphertext_does_not_hold_the_plain_text() -> None:
    plain = "440103199001011234 张三".encode()
    assert plain not in cipher.encrypt(plain, DATA)
    assert plain[:8] not in cipher.encrypt(plain, DATA)


def test_the_same_plain_text_never_looks_the_same_twice() -> None:
    tokens = {cipher.encrypt(b"+8613812345678", DATA) for _ in range(100)}
    assert len(tokens) == 100


def test_a_value_made_with_another_secret_is_refused() -> None:
    token = cipher.encrypt(b"secret", DATA)
    with pytest.raises(ValueError, match="GROUPCODE_SECRET_KEY"):
        Cipher(SECRET + "!").decrypt(token, DATA)


def test_a_value_moved_to_another_column_is_refused() -> None:
    token = cipher.encrypt(b"secret", DATA)
    for data in (b"person.id_number", b"", DATA + b"x"):
        with pytest.raises(ValueError, match="can't be decrypted"):
            cipher.decrypt(token, data)


@given(st.data())
def test_a_value_that_was_touched_is_refused(data: st.DataObject) -> None:
    token = bytearray(cipher.encrypt(b"secret", DATA))
    token[data.draw(st.integers(0, len(token) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="can't be decrypted"):
        cipher.decrypt(bytes(token), DATA)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 20, 28])
def test_a_value_that_was_cut_short_is_refused(length: int) -> None:
    token = cipher.encrypt(b"secret", DATA)
    with pytest.raises(ValueError, match="decrypted|Nonce"):
        cipher.decrypt(token[:length], DATA)


def test_a_value_is_found_again_by_its_hash_under_its_kind_and_key_only() -> None:
    phone = "+8613812345678"
    found = cipher.lookup("phone", phone)
    assert found == Cipher(SECRET).lookup("phone", phone)
    assert re.fullmatch("[0-9a-f]{64}", found)
    others = {
        cipher.lookup("identity", phone),
        cipher.lookup("phone", "+8613812345679"),
        Cipher(SECRET + "!").lookup("phone", phone),
    }
    assert found not in others
    assert len(others) == 3


def test_content_is_known_again_by_its_hash_under_its_key_only() -> None:
    found = cipher.content_hash(b"said")
    assert found == Cipher(SECRET).content_hash(b"said")
    assert re.fullmatch("[0-9a-f]{64}", found)
    assert found not in {cipher.content_hash(b"said "), Cipher(SECRET + "!").content_hash(b"said")}
    assert found != cipher.lookup("content", "said")


def test_kind_and_value_do_not_run_together() -> None:
    assert cipher.lookup("code", "s123") != cipher.lookup("codes", "123")


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {
        derive_key(SECRET, purpose)
        for purpose in ("encryption", "lookup", "content", "access tokens")
    }
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}


def test_a_column_is_decrypted_as_each_of_its_values() -> None:
    older = Cipher("an older secret of the tests, as long")
    both = Cipher(SECRET, "an older secret of the tests, as long")
    tokens = [cipher.encrypt(b"one", DATA), None, older.encrypt(b"two", DATA)]
    assert both.decrypt_all(tokens, DATA, bytes.decode) == ["one", None, "two"]
    assert both.decrypt_all([], DATA, bytes.decode) == []
    for wrong in (b"", tokens[0][:-1] if tokens[0] else b"", b"\0" * 40):
        with pytest.raises(ValueError, match="GROUPCODE_SECRET_KEY"):
            both.decrypt_all([tokens[0], wrong], DATA, bytes.decode)
    with pytest.raises(ValueError, match="GROUPCODE_SECRET_KEY"):
        both.decrypt_all(tokens, b"person.id_number", bytes.decode)
