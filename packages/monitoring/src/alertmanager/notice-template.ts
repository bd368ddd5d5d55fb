/**
 * What every receiver says of an alert, be it a rule's or an incident's: what broke, what still works, what Understudy did, what to do.
 * Alertmanager's own template language; its name for a group of alerts that go out together is `.`.
 */
export const NOTICE_TEMPLATE = `{{ define "understudy.title" -}}
{{ if eq .Status "resolved" }}Resolved: {{ else }}{{ .CommonLabels.severity | toUpper }}: {{ end -}}
{{ if .CommonAnnotations.summary }}{{ .CommonAnnotations.summary }}{{ else }}{{ .Alerts | len }} x {{ .GroupLabels.alertname }}{{ end -}}
{{ end }}

{{ define "understudy.alert" -}}
{{ .Annotations.summary }}
{{ with .Annotations.works }}Still works: {{ . }}
{{ end }}{{ with .Annotations.done }}Done: {{ . }}
{{ end }}{{ with .Annotations.remedy }}What to do: {{ . }}
{{ end }}{{ with .Annotations.runbook_url }}{{ . }}
{{ end }}{{ end }}

{{ define "understudy.text" -}}
{{ range .Alerts.Firing }}{{ template "understudy.alert" . }}
{{ end }}{{ range .Alerts.Resolved }}Over: {{ .Annotations.summary }}
{{ with .Annotations.done }}Done: {{ . }}
{{ end }}{{ end }}{{ end }}
`;

export const TITLE = '{{ template "understudy.title" . }}';
export const TEXT = '{{ template "understudy.text" . }}';

/**
 * The same in ntfy's words: it fills in a template by itself from the JSON of a webhook (\`X-Template: yes\`, since ntfy 2.12), whose
 * names begin with small letters. A header has one line: ntfy makes line breaks of \`\\n\`.
 */
export const NTFY_TITLE =
  '{{ if eq .status "resolved" }}Resolved: {{ end }}{{ with .commonAnnotations.summary }}{{ . }}{{ else }}{{ len .alerts }} alerts{{ end }}';
export const NTFY_MESSAGE = [
  '{{ range .alerts }}{{ if eq .status "resolved" }}Over: {{ .annotations.summary }}',
  '{{ else }}{{ .annotations.summary }}',
  '{{ with .annotations.works }}Still works: {{ . }}',
  '{{ end }}{{ with .annotations.done }}Done: {{ . }}',
  '{{ end }}{{ with .annotations.remedy }}What to do: {{ . }}',
  '{{ end }}{{ with .annotations.runbook_url }}{{ . }}',
  '{{ end }}{{ end }}{{ end }}',
].join('\\n');
