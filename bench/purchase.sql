-- One purchase as the verb makes it, in SQL alone: the same rows read, locked and written, the room taken last.
SELECT state, closes_on, closed_at, taken_pence,
       (SELECT id FROM offers_offerversion WHERE offer_id = offer.id AND society_id = offer.society_id
        ORDER BY number DESC LIMIT 1)
FROM offers_shareoffer offer WHERE id = @offer AND society_id = @society;
SELECT * FROM offers_rulebook WHERE society_id = @society AND valid_from_on <= current_date
ORDER BY valid_from_on DESC LIMIT 1;
SELECT * FROM offers_tier WHERE offer_id = @offer ORDER BY position;
SELECT gen_random_uuid() AS party, gen_random_uuid() AS exposure, gen_random_uuid() AS holder,
       gen_random_uuid() AS application, upper(left(md5(random()::text), 7)) AS reference \gset
BEGIN;
SELECT exposure.*, party.* FROM offers_exposure exposure JOIN offers_party party ON party.id = exposure.party_id
WHERE party.identity = :party AND exposure.society_id = @society ORDER BY exposure.id FOR NO KEY UPDATE OF exposure;
INSERT INTO offers_party (id, society_id, kind, name, identity, email, telephone, registered_as)
VALUES (:party, @society, 'person', 'Person', :party, 'person@example.org', '', '') ON CONFLICT DO NOTHING;
INSERT INTO offers_exposure (id, society_id, party_id, held_pence, live_pence)
VALUES (:exposure, @society, :party, 0, 0) ON CONFLICT (party_id) DO NOTHING;
SELECT exposure.*, party.* FROM offers_exposure exposure JOIN offers_party party ON party.id = exposure.party_id
WHERE party.identity = :party AND exposure.society_id = @society ORDER BY exposure.id FOR NO KEY UPDATE OF exposure;
SELECT interest.party_id, application.id, application.submission, application.due_pence
FROM offers_applicationparty interest JOIN offers_application application ON application.id = interest.application_id
WHERE interest.party_id = :party AND interest.society_id = @society AND application.offer_id = @offer
  AND application.state IN ('awaiting-payment', 'paid');
SELECT * FROM offers_holder WHERE identity = :holder AND society_id = @society;
INSERT INTO offers_holder (id, society_id, kind, identity, people) VALUES (:holder, @society, 'person', :holder, 1);
INSERT INTO offers_holderparty (id, society_id, holder_id, party_id, role, position)
VALUES (gen_random_uuid(), @society, :holder, :party, 'holder', 1);
INSERT INTO offers_application (
    id, society_id, offer_id, version_id, holder_id, reference, token, submission, name, address, postcode, country,
    email, telephone, email_purposes, language, declarations, applied_pence, due_pence, smallest_pence, accept_less,
    method, state, submitted_at, pay_by_at, cancel_by_at, allotted_pence,
    unpaid_keys, released_reason)
VALUES (
    :application, @society, @offer, @version, :holder, :reference, left(:application, 40), gen_random_uuid(), 'Person',
    '2 Low Street, Marlpit', 'NR11 7LG', 'GB', 'person@example.org', '', '', 'en-gb',
    '{"risk_version": "2026-11", "risk_sha256": "f66703257b5ba1636cf81179720daf4bcce3cdd293145cfe4de4a23e8fdeefbe"}',
    25000, 25000, 10000, false, 'bank-transfer', 'awaiting-payment', now(), now() + interval '10 days',
    now() + interval '14 days', 0, ARRAY['email ' || left(md5(:application), 40), 'address ' || left(md5(:holder), 40)], '');
INSERT INTO offers_applicationparty (id, society_id, application_id, party_id, role)
VALUES (gen_random_uuid(), @society, :application, :party, 'holder');
UPDATE offers_exposure SET limit_pence = 10000000, live_pence = live_pence + 25000
WHERE id = :exposure AND society_id = @society;
INSERT INTO common_outgoingmail (
    id, society_id, kind, subject_id, "to", language, due_at, tries, next_try_at, last_error, heading, text)
VALUES (gen_random_uuid(), @society, 'application-received', :application, 'person@example.org', 'en-gb', now(), 0,
        now(), '', '', '') ON CONFLICT DO NOTHING;
INSERT INTO compliance_decision (
    id, society_id, occasion, subject_id, question, rule, level, passed, message, arithmetic, source, facts, rule_set,
    law_on, decided_at)
SELECT gen_random_uuid(), @society, 'apply', :application, 'cap', 'CAP-' || number, 'LAW', true, '',
       '£0 held + £0 waiting + £250 now = £250 ≤ £100,000',
       'Co-operative and Community Benefit Societies Act 2014 s.24',
       '{"cap_pence": 10000000, "applied_pence": 25000, "interests": [{"held_pence": 0, "live_pence": 0}]}',
       'gb-eng 2014-08-01', current_date, now()
FROM generate_series(1, 8) number;
UPDATE offers_shareoffer SET taken_pence = taken_pence + 25000
WHERE id = @offer AND society_id = @society AND (closes_on IS NULL OR closes_on >= current_date)
  AND opens_on <= current_date AND state = 'published' AND taken_pence <= maximum_pence - 25000;
COMMIT;
