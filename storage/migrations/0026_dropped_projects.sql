-- Projects that ended without money 不办了: they had stayed among what is passed and to be done.

update proposals set state = 'dropped', version = version + 1
where state = 'passed'
    and exists (
        select 1 from projects r
        where r.proposal_id = proposals.id and r.settled_at is not null and r.granted_at is null
    )
    and not exists (select 1 from proposal_tasks k where k.proposal_id = proposals.id);
