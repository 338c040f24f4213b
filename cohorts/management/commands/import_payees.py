from cms.importing.command import ImportCommand
from cohorts.subsidies import services


class Command(ImportCommand):
    help = "Record the accounts of payees from a workbook (补贴申请汇总表)."
    plan = staticmethod(services.plan_payees)
    apply = staticmethod(services.apply_payees)
