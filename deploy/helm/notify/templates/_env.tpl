{{/* One variable with a value, left out while it is empty: include "notify.env" (list "NAME" value) */}}
{{- define "notify.env" -}}
{{- if ne (toString (index . 1)) "" }}
- name: {{ index . 0 }}
  value: {{ index . 1 | toString | quote }}
{{- end }}
{{- end }}

{{/* A variable from a secret that has to hold it: include "notify.secretEnv" (list "NAME" secret key) */}}
{{- define "notify.secretEnv" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 }}
      key: {{ index . 2 }}
{{- end }}

{{/* A provider's secret; one that is missing leaves the provider off: include "notify.providerSecret" (list . "NAME" "key") */}}
{{- define "notify.providerSecret" -}}
{{- $root := index . 0 }}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      name: {{ $root.Values.providerSecrets.existingSecret | default (printf "%s-providers" $root.Release.Name) }}
      key: {{ index . 2 }}
      optional: true
{{- end }}

{{/* What every service is told. The second item is the secret with the connections: include "notify.commonEnv" (list . secret) */}}
{{- define "notify.commonEnv" -}}
{{- $root := index . 0 }}
{{- $secret := index . 1 }}
{{ include "notify.secretEnv" (list "ConnectionStrings__kafka" $secret "kafka") }}
{{ include "notify.secretEnv" (list "ConnectionStrings__redis" $secret "redis") }}
{{ include "notify.secretEnv" (list "ConnectionStrings__notifydb" $secret "notifydb") }}
{{- include "notify.kafkaSecurity" (list $root "Producer") }}
{{- include "notify.kafkaSecurity" (list $root "Consumer") }}
{{- include "notify.env" (list "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY" "in_memory") }}
{{- with $root.Values.telemetry.otlpEndpoint }}
{{- include "notify.env" (list "OTEL_EXPORTER_OTLP_ENDPOINT" .) }}
{{- include "notify.env" (list "OTEL_EXPORTER_OTLP_PROTOCOL" $root.Values.telemetry.otlpProtocol) }}
{{- end }}
{{- range $name, $value := $root.Values.extraEnv }}
{{- include "notify.env" (list $name $value) }}
{{- end }}
{{- end }}

{{/* How a client proves itself to Kafka; producers and consumers have settings of their own. */}}
{{- define "notify.kafkaSecurity" -}}
{{- $kafka := (index . 0).Values.kafka }}
{{- $client := printf "Aspire__Confluent__Kafka__%s__Config" (index . 1) }}
{{- include "notify.env" (list (printf "%s__SecurityProtocol" $client) $kafka.securityProtocol) }}
{{- if $kafka.saslMechanism }}
{{- $secret := required "kafka.saslExistingSecret names the secret with the keys username and password" $kafka.saslExistingSecret }}
{{- include "notify.env" (list (printf "%s__SaslMechanism" $client) $kafka.saslMechanism) }}
{{ include "notify.secretEnv" (list (printf "%s__SaslUsername" $client) $secret "username") }}
{{ include "notify.secretEnv" (list (printf "%s__SaslPassword" $client) $secret "password") }}
{{- end }}
{{- end }}

{{/* How the topics are made. */}}
{{- define "notify.topicEnv" -}}
{{- include "notify.env" (list "Kafka__Partitions" .Values.kafka.partitions) }}
{{- include "notify.env" (list "Kafka__ReplicationFactor" .Values.kafka.replicationFactor) }}
{{- include "notify.env" (list "Kafka__MinInSyncReplicas" .Values.kafka.minInSyncReplicas) }}
{{- end }}

{{/* What one service alone is told: include "notify.env.push" . */}}
{{- define "notify.env.api" }}{{ end }}
{{- define "notify.env.router" }}{{ end }}

{{- define "notify.env.push" }}
{{- with .Values.providers.fcm }}
{{- include "notify.env" (list "Push__Fcm__ProjectId" .projectId) }}
{{- include "notify.env" (list "Push__Fcm__Endpoint" .endpoint) }}
{{- include "notify.env" (list "Push__Fcm__MessagesPerMinute" (int64 .messagesPerMinute)) }}
{{- end }}
{{- include "notify.providerSecret" (list . "Push__Fcm__Credentials" "fcmCredentials") }}
{{- with .Values.providers.apns }}
{{- include "notify.env" (list "Push__Apns__TeamId" .teamId) }}
{{- include "notify.env" (list "Push__Apns__KeyId" .keyId) }}
{{- include "notify.env" (list "Push__Apns__Topic" .topic) }}
{{- include "notify.env" (list "Push__Apns__ProductionEndpoint" .productionEndpoint) }}
{{- include "notify.env" (list "Push__Apns__SandboxEndpoint" .sandboxEndpoint) }}
{{- include "notify.env" (list "Push__Apns__MessagesPerSecond" .messagesPerSecond) }}
{{- end }}
{{- include "notify.providerSecret" (list . "Push__Apns__PrivateKey" "apnsPrivateKey") }}
{{- end }}

{{- define "notify.env.email" }}
{{- include "notify.env" (list "Email__From" .Values.providers.email.from) }}
{{- with .Values.providers.smtp }}
{{- include "notify.env" (list "Email__Smtp__Host" .host) }}
{{- include "notify.env" (list "Email__Smtp__Port" .port) }}
{{- include "notify.env" (list "Email__Smtp__UserName" .userName) }}
{{- include "notify.env" (list "Email__Smtp__Security" .security) }}
{{- include "notify.env" (list "Email__Smtp__MessagesPerSecond" .messagesPerSecond) }}
{{- end }}
{{- include "notify.providerSecret" (list . "Email__Smtp__Password" "smtpPassword") }}
{{- with .Values.providers.sendgrid }}
{{- include "notify.env" (list "Email__SendGrid__Endpoint" .endpoint) }}
{{- include "notify.env" (list "Email__SendGrid__MessagesPerSecond" .messagesPerSecond) }}
{{- end }}
{{- include "notify.providerSecret" (list . "Email__SendGrid__ApiKey" "sendgridApiKey") }}
{{- end }}

{{- define "notify.env.sms" }}
{{- with .Values.providers.twilio }}
{{- include "notify.env" (list "Sms__Twilio__AccountSid" .accountSid) }}
{{- include "notify.env" (list "Sms__Twilio__From" .from) }}
{{- include "notify.env" (list "Sms__Twilio__Endpoint" .endpoint) }}
{{- include "notify.env" (list "Sms__Twilio__MessagesPerSecond" .messagesPerSecond) }}
{{- end }}
{{- include "notify.providerSecret" (list . "Sms__Twilio__AuthToken" "twilioAuthToken") }}
{{- with .Values.providers.smsGateway }}
{{- include "notify.env" (list "Sms__Gateway__From" .from) }}
{{- include "notify.env" (list "Sms__Gateway__MessageIdPath" .messageIdPath) }}
{{- include "notify.env" (list "Sms__Gateway__MessagesPerSecond" .messagesPerSecond) }}
{{- end }}
{{- include "notify.providerSecret" (list . "Sms__Gateway__Url" "smsGatewayUrl") }}
{{- include "notify.providerSecret" (list . "Sms__Gateway__Headers__Authorization" "smsGatewayAuthorization") }}
{{- end }}
