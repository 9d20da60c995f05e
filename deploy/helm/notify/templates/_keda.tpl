{{/* The client's security in KEDA's words. */}}
{{- define "notify.kedaKafka" }}
sasl: {{ index (dict "" "none" "Plain" "plaintext" "ScramSha256" "scram_sha256" "ScramSha512" "scram_sha512") .Values.kafka.saslMechanism }}
tls: {{ if or (eq .Values.kafka.securityProtocol "Ssl") (eq .Values.kafka.securityProtocol "SaslSsl") }}enable{{ else }}disable{{ end }}
{{- end }}

{{/*
Rows that could be sent now: due ones, and for a worker those that wait for their tenant's turn too. Counted through the indexes on (channel, lane, due_at) and
(channel, lane, tenant_id, …) of waiting rows, and no further than the number that asks for every replica.
*/}}
{{- define "notify.waitingRows" }}
SELECT sum(due.n{{ if ne .name "router" }} + turn.n{{ end }})::bigint
FROM unnest({{ if eq .name "router" }}ARRAY['push', 'email', 'sms']{{ else }}ARRAY['{{ .name }}']{{ end }}) AS c(channel)
CROSS JOIN unnest(ARRAY['critical', 'standard', 'bulk']) AS l(lane)
CROSS JOIN LATERAL (SELECT count(*) AS n FROM (
SELECT 1 FROM deliveries d WHERE d.channel = c.channel AND d.lane = l.lane AND d.due_at <= now() AND d.state = 'waiting'
LIMIT {{ .most }}) AS found) due
{{- if ne .name "router" }}
CROSS JOIN LATERAL (SELECT count(*) AS n FROM (
SELECT 1 FROM deliveries d WHERE d.channel = c.channel AND d.lane = l.lane AND d.state = 'waiting' AND d.reason = 'share'
LIMIT {{ .most }}) AS found) turn
{{- end }}
{{- end }}
