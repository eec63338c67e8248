"""URL routes of logging in, at the root of the site."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.socialaccount import views as oidc_views
from django.urls import include, path

from factcheck.login import account_pages, views

urlpatterns = [
    path("link/", views.link, name="link"),
    path("link/password/", views.password, name="password"),
]

# allauth's views under the names by which it finds them; only those that are wanted here. Nobody signs up.
account_routes = [
    path("", account_pages.account, name="account"),
    path("sessions/<slug:session>/end/", account_pages.end_session, name="account_end_session"),
    path("sessions/end/", account_pages.end_others, name="account_end_others"),
    path("login/", account_views.login, name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("signup/", account_pages.to_log_in, name="account_signup"),
    path("inactive/", account_pages.to_log_in, name="account_inactive"),
    path("reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/", account_views.password_change, name="account_change_password"),
    path("password/set/", account_pages.to_log_in, name="account_set_password"),
    path("password/reset/", account_pages.reset_by_mail, name="account_reset_password"),
    path("password/reset/done/", account_pages.reset_sent, name="account_reset_password_done"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("oidc/cancelled/", oidc_views.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/connections/", account_pages.to_log_in, name="socialaccount_connections"),
    path("oidc/signup/", account_pages.to_log_in, name="socialaccount_signup"),
    path("oidc/error/", account_pages.to_log_in, name="socialaccount_login_error"),
    path("factor/", mfa_views.index, name="mfa_index"),
    path("factor/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("factor/again/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("factor/app/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("factor/app/remove/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("factor/recovery/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factor/recovery/new/", recovery_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
