from django.urls import path

from cms.accounts.views import invitations, links, staff

app_name = "accounts"
urlpatterns = [
    path("", staff.account_list, name="list"),
    path("invitations/", invitations.invitation_list, name="invitations"),
    path("invitations/<uuid:uuid>/revoke/", invitations.revoke, name="revoke"),
    path("invite/", invitations.invite, name="invite"),
    path("links/", links.link_list, name="links"),
    path("links/<uuid:uuid>/", links.link, name="link"),
    path("links/<uuid:uuid>/decide/", links.decide, name="decide"),
    path("links/<uuid:uuid>/number/", links.show_number, name="number"),
    path("grants/<int:pk>/end/", staff.end_grant, name="end_grant"),
    path("<uuid:uuid>/", staff.account, name="account"),
    path("<uuid:uuid>/grant/", staff.grant, name="grant"),
    path("<uuid:uuid>/disable/", staff.disable, name="disable"),
    path("<uuid:uuid>/enable/", staff.enable, name="enable"),
]
