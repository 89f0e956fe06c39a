import pytest
from tests.people import make_cast, browser
from lawgov.jobs.models import Job
@pytest.mark.django_db
def test_export():
    cast=make_cast(); c=browser(cast.office)
    r=c.post("/checklist/export/?q=指标1"); assert r.status_code==302, r.content[:500]
    job=Job.objects.get(); assert len(job.params["assignments"])==1
    assert "导出自评表" in c.get("/checklist/").content.decode()
