from django.urls import include, path
from django.views.generic import RedirectView

from cms.importing.web import import_urls
from cohorts.subsidies.views import batches, claims, notices, payees, policies, proposing

app_name = "subsidies"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="subsidies:claims"), name="home"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/act/", claims.act_on_many, name="act_on_claims"),
    path("claims/propose/", proposing.propose, name="propose"),
    path("claims/<uuid:uuid>/", claims.claim_detail, name="claim"),
    path("claims/<uuid:uuid>/act/", claims.act, name="act_on_claim"),
    path("claims/<uuid:uuid>/object/", claims.object_to, name="object"),
    path("objections/<int:pk>/settle/", claims.settle_objection, name="settle_objection"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<uuid:uuid>/", notices.notice_detail, name="notice"),
    path("notices/<uuid:uuid>/close/", notices.close, name="close_notice"),
    path("batches/", batches.batch_list, name="batches"),
    path("batches/open/", batches.open_batch, name="open_batch"),
    path("batches/budget/", batches.allot, name="allot"),
    path("batches/<uuid:uuid>/", batches.batch_detail, name="batch"),
    path("batches/<uuid:uuid>/act/", batches.act, name="act_on_batch"),
    path("batches/<uuid:uuid>/export/", batches.export, name="export"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/<slug:code>/<int:number>/", policies.policy_detail, name="policy"),
    path("policies/<slug:code>/<int:number>/act/", policies.act, name="act_on_policy"),
    path("payees/", payees.payee_list, name="payees"),
    path("payees/", include(import_urls(payees.IMPORT))),
]
