"""Signing in, as a browser does it."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse
from django.utils import timezone

from nuanxin.foundation.access.models import AccessAlert
from nuanxin.foundation.accounts import actions
from nuanxin.foundation.accounts.enums import AccountFact
from nuanxin.foundation.accounts.models import SignInGuard, User
from nuanxin.foundation.accounts.queries import locked_until
from nuanxin.foundation.facts.models import Fact
from nuanxin.registry.units.actions import revoke_posting
from nuanxin.web.shared.middleware import SECOND_FACTOR, SEEN
from tests import cast

pytestmark = pytest.mark.django_db

LOGIN, HOME = "/account/login/", "/console/"


@pytest.fixture(autouse=True)
def _fresh_limits(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "t"}
    }
    from django.core.cache import cache

    cache.clear()


def sign_in(browser, username, password=cast.PASSWORD, **more):
    return browser.post(LOGIN, {"login": username, "password": password}, **more)


def kinds():
    return list(
        Fact.objects.filter(kind__startswith="account.").order_by("id").values_list("kind", flat=True)
    )


def current_code(user, offset=0) -> str:
    from nuanxin.web.shared.account_adapter import SecondFactorAdapter

    secret = SecondFactorAdapter().decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1] + offset))


def test_in_and_out():
    who, browser = cast.person("street", cast.STREET), cast.client()
    assert browser.get(LOGIN).status_code == 200
    assert sign_in(browser, who.username.upper()).headers["Location"] == HOME
    assert browser.get(HOME).status_code == 200
    assert browser.post("/account/logout/").headers["Location"] == LOGIN
    assert browser.get(HOME).status_code == 302
    assert kinds() == [AccountFact.SIGNED_IN, AccountFact.SIGNED_OUT]
    fact = Fact.objects.get(kind=AccountFact.SIGNED_IN)
    assert (fact.subject, fact.actor, fact.area) == (f"user:{who.pk}", who.pk, cast.STREET)


@pytest.mark.parametrize(
    "name", ["signup", "password/reset", "email", "confirm-email", "password/set", "inactive"]
)
def test_other_flows_are_not_there(name):
    assert cast.client().get(f"/account/{name}/").status_code == 404


def test_known_unknown_and_closed_accounts_answer_alike():
    who = cast.person("street", cast.STREET)
    closed = cast.person("street", cast.STREET)
    actions.close_user(by=None, user=closed.pk)
    texts = []
    for username in (who.username, "nobody-at-all", closed.username):
        browser, seen = cast.client(), []
        for _n in range(7):
            page = sign_in(
                browser, username, cast.PASSWORD if username == closed.username else "Wrong-pass-123"
            )
            assert page.status_code == 200
            seen.append(page.text.replace(username, "NAME").partition("nx-note bad")[2][:300])
        texts.append(seen)
    assert texts[0] == texts[1] == texts[2]
    assert "用户名或密码不正确" in texts[0][4] and "15 分钟后再试" in texts[0][5]


def test_an_unknown_name_costs_as_much_time(monkeypatch):
    """Time is hashing: as many hashes for a name that does not exist, and none for either while locked."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    who, hashed, encode, counts = cast.user(), [], MD5PasswordHasher.encode, {}
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k))
    for username in (who.username, "nobody-at-all"):
        for _n in range(7):
            hashed.clear()
            sign_in(cast.client(), username, "Wrong-pass-123")
            counts.setdefault(username, []).append(len(hashed))
    assert counts[who.username] == counts["nobody-at-all"] == [1] * 5 + [0] * 2


def test_five_failures_lock_for_fifteen_minutes(monkeypatch):
    who, browser = cast.person("street", cast.STREET), cast.client()
    for _n in range(5):
        sign_in(browser, who.username, "Wrong-pass-123")
    assert "已锁定" in sign_in(browser, who.username).text
    assert kinds() == [AccountFact.SIGN_IN_FAILED] * 5 + [AccountFact.LOCKED]
    assert AccessAlert.objects.get().about == who.pk
    SignInGuard.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert sign_in(browser, who.username).status_code == 302
    assert not SignInGuard.objects.exists()


def test_success_wipes_the_count():
    who = cast.person("street", cast.STREET)
    for _round in range(3):
        for _n in range(4):
            sign_in(cast.client(), who.username, "Wrong-pass-123")
        assert sign_in(cast.client(), who.username).status_code == 302


def test_an_administrator_unlocks():
    who = cast.person("street", cast.STREET)
    for _n in range(6):
        sign_in(cast.client(), who.username, "Wrong-pass-123")
    assert locked_until(who.username, timezone.now())
    assert actions.unlock(by=None, user=who.pk)
    assert sign_in(cast.client(), who.username).status_code == 302


def test_what_was_typed_is_nowhere():
    sign_in(cast.client(), "My-secret-password-1")
    assert b"secret" not in bytes(SignInGuard.objects.get().name_index)
    assert "secret" not in str(list(Fact.objects.values()))


def test_a_first_password_must_be_changed():
    who, first = actions.open_user(by=None, username="wang.wei", name="王伟", area=cast.STREET)
    cast.post(who, "street", cast.STREET)
    browser = cast.client()
    assert sign_in(browser, "wang.wei", first).status_code == 302
    page = browser.get(HOME, follow=True)
    assert page.redirect_chain == [("/account/password/change/", 302)]
    assert "请先设置新密码" in page.text
    change = {"oldpassword": first, "password1": "wangwei-2026-A", "password2": "wangwei-2026-A"}
    assert "不能包含用户名、姓名" in browser.post("/account/password/change/", change).text
    change |= {"password1": "Xing-sha-2026", "password2": "Xing-sha-2026"}
    assert browser.post("/account/password/change/", change).status_code == 302
    assert browser.get(HOME).status_code == 200


def test_an_expired_password_must_be_changed():
    who = cast.person("street", cast.STREET)
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    browser = cast.client(who)
    assert browser.get(HOME).headers["Location"] == "/account/password/change/"
    assert browser.get("/account/logout/").status_code == 200


def test_a_changed_password_ends_the_other_sessions():
    who, here, there = cast.person("street", cast.STREET), cast.client(), cast.client()
    sign_in(here, who.username)
    sign_in(there, who.username)
    new = {"oldpassword": cast.PASSWORD, "password1": "Xing-sha-2026", "password2": "Xing-sha-2026"}
    assert here.post("/account/password/change/", new).status_code == 302
    assert here.get(HOME).status_code == 200
    assert there.get(HOME).status_code == 302


@pytest.mark.parametrize("end", [actions.end_sessions, actions.close_user, actions.reset_password])
def test_all_sessions_end_with_the_next_request(end):
    who = cast.person("street", cast.STREET)
    browsers = [cast.client(who), cast.client(who)]
    end(by=None, user=who.pk)
    assert [b.get(HOME).status_code for b in browsers] == [302, 302]


def test_fifteen_idle_minutes_sign_out():
    who = cast.person("street", cast.STREET)
    browser = cast.client(who)
    session = browser.session
    session[SEEN] = (timezone.now() - timedelta(minutes=14)).timestamp()
    session.save()
    assert browser.get(HOME).status_code == 200
    session = browser.session
    assert timezone.now().timestamp() - session[SEEN] < 60
    session[SEEN] = (timezone.now() - timedelta(minutes=15, seconds=1)).timestamp()
    session.save()
    assert browser.get(HOME).headers["Location"] == f"{LOGIN}?next=/console/"
    assert kinds() == [AccountFact.TIMED_OUT]


def test_background_requests_do_not_keep_a_session_awake():
    browser = cast.client(cast.person("street", cast.STREET))
    session = browser.session
    session[SEEN] = before = (timezone.now() - timedelta(minutes=10)).timestamp()
    session.save()
    browser.get(HOME, headers={"X-Background": "1"})
    assert browser.session[SEEN] == before


def test_htmx_is_sent_with_the_whole_window():
    browser = cast.client(cast.person("street", cast.STREET), htmx=True)
    session = browser.session
    session[SEEN] = 0
    session.save()
    answer = browser.get(HOME, headers={"HX-Current-URL": "http://testserver/console/workers/?page=2"})
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["HX-Redirect"] == f"{LOGIN}?next=%2Fconsole%2Fworkers%2F%3Fpage%3D2"


# --- second factor --------------------------------------------------------------------------------------------


def set_up(browser, user):
    page = browser.get("/account/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.text
    from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY

    secret = browser.session[SECRET_SESSION_KEY]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return browser.post("/account/2fa/totp/activate/", {"code": code})


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "lead_admin"])
def test_who_must_set_up_a_second_factor(role):
    who, browser = cast.person(role), cast.client()
    sign_in(browser, who.username)
    page = browser.get(HOME, follow=True)
    assert page.redirect_chain[-1][0] == "/account/2fa/totp/activate/"
    assert "登录须使用动态口令" in page.text
    done = set_up(browser, who)
    assert done.headers["Location"] == "/account/2fa/recovery-codes/"
    assert "只显示这一次" in browser.get("/account/2fa/recovery-codes/").text
    assert browser.get(HOME).status_code == 200
    assert AccountFact.SECOND_FACTOR_ON in kinds()


def test_a_demo_does_not_demand_it_but_offers_it(settings):
    settings.DEMO = True
    who, browser = cast.person("system_admin"), cast.client()
    sign_in(browser, who.username)
    assert browser.get(HOME).status_code == 200
    assert set_up(browser, who).status_code == 302


def test_the_street_needs_none():
    who, browser = cast.person("street", cast.STREET), cast.client()
    sign_in(browser, who.username)
    assert browser.get(HOME).status_code == 200


def test_signing_in_with_the_second_factor():
    who, browser = cast.person("system_admin"), cast.client()
    sign_in(browser, who.username)
    set_up(browser, who)
    secret = str(Authenticator.objects.get(user=who, type="totp").data["secret"])
    assert len(secret) > 100 and not secret.isupper()  # sealed, not base 32

    second = cast.client()
    assert sign_in(second, who.username).headers["Location"] == "/account/2fa/authenticate/"
    assert second.get(HOME).status_code == 302
    assert "动态口令不正确" in second.post("/account/2fa/authenticate/", {"code": "000000"}).text
    code = current_code(who)
    assert second.post("/account/2fa/authenticate/", {"code": code}).headers["Location"] == HOME
    assert second.get(HOME).status_code == 200

    third = cast.client()
    sign_in(third, who.username)
    assert (
        "动态口令不正确" in third.post("/account/2fa/authenticate/", {"code": code}).text
    )  # used once already
    assert kinds().count(AccountFact.SECOND_FACTOR_FAILED) == 2


def test_who_needs_it_cannot_switch_it_off():
    who, browser = cast.person("system_admin"), cast.client()
    sign_in(browser, who.username)
    set_up(browser, who)
    assert "不能停用" in browser.get("/account/2fa/totp/deactivate/").text
    browser.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=who, type="totp").exists()


def test_a_posting_that_needs_it_asks_at_the_next_click():
    who, browser = cast.person("street", cast.STREET), cast.client()
    sign_in(browser, who.username)
    assert browser.get(HOME).status_code == 200
    cast.post(who, "lead_admin", cast.STREET)
    assert browser.get(HOME).headers["Location"] == "/account/2fa/totp/activate/"


def test_a_reset_ends_the_sessions_and_asks_again():
    who, browser = cast.person("system_admin"), cast.client()
    sign_in(browser, who.username)
    set_up(browser, who)
    actions.reset_second_factor(by=None, user=who.pk)
    assert browser.get(HOME).status_code == 302
    sign_in(browser, who.username)
    assert browser.get(HOME).headers["Location"] == "/account/2fa/totp/activate/"


def test_the_session_flag_is_only_set_with_a_second_factor():
    who, browser = cast.person("system_admin"), cast.client()
    sign_in(browser, who.username)
    browser.get(HOME)
    assert SECOND_FACTOR not in browser.session


def test_the_own_account():
    who = cast.person("street", cast.STREET)
    browser = cast.client(who)
    page = browser.get(reverse("account_overview"))
    assert who.username in page.text and "星沙街道" in page.text
    assert browser.post(reverse("account_end_sessions")).status_code == 302
    assert browser.get(HOME).status_code == 302


def test_a_revoked_posting_counts_with_the_next_request():
    who = cast.person("street", cast.STREET)
    revoke_posting(by=None, posting=who.postings.get().pk)
    page = cast.client(who).get(HOME)
    assert page.status_code == 200 and "还没有" not in page.text
