# Flowkeep's collector: one read-only look at a server that runs AppFlowy. docs/collector.md explains every section.
#
# It is streamed to `sh -s`, as root or as an ordinary user, after one line FK_NONCE=<32 hex digits>. By hand it
# runs as it is (`sudo sh -s < collector.sh > frames`) and makes its own nonce. Everything stands inside one
# function that the last line calls, so that a text that arrives cut off runs nothing.
# It writes no file, needs no temporary file, and no secret leaves it: see "What may travel" below.
#
# shellcheck shell=sh
# shellcheck disable=SC2016 # awk, SQL and Go templates stand in single quotes

# shellcheck disable=SC2154 # fk_next and fk_deployment set variables by name
fk_main() {
set -fu
umask 077
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/snap/bin
LC_ALL=C
export PATH LC_ALL
unset ENV BASH_ENV IFS
fk_version=1
fk_nl='
'

# ---- What may travel ------------------------------------------------------------------------------------------
# Values of these keys are sent as text; a star stands for capital letters, digits and underscores. Of every other
# value only a length bucket, the character classes, "is a known factory value" and an equality group leave the
# server. A listed value stays here too when it holds a user-info part (user:password@host), a control character
# or, in a `.env`, a reference to a key that is not listed.
# BEGIN allowed keys
fk_allow='
FQDN SCHEME WS_SCHEME NGINX_PORT NGINX_TLS_PORT COMPOSE_FILE COMPOSE_PROJECT_NAME COMPOSE_PROFILES
COMPOSE_PATH_SEPARATOR SIGNUP_WHITELIST_ENABLED PORT API_EXTERNAL_URL RUST_LOG PGPORT *_VERSION
APPFLOWY_BASE_URL APPFLOWY_WEBSOCKET_BASE_URL APPFLOWY_WS_BASE_URL APPFLOWY_WEB_URL APPFLOWY_GOTRUE_BASE_URL
APPFLOWY_ENVIRONMENT APPFLOWY_ACCESS_CONTROL APPFLOWY_S3_USE_MINIO APPFLOWY_S3_CREATE_BUCKET APPFLOWY_S3_MINIO_URL
APPFLOWY_S3_BUCKET APPFLOWY_S3_REGION APPFLOWY_S3_PRESIGNED_URL_ENDPOINT APPFLOWY_DATABASE_REQUIRE_SSL
APPFLOWY_WORKER_DATABASE_REQUIRE_SSL APPFLOWY_DATABASE_MAX_CONNECTIONS APPFLOWY_MAILER_SMTP_HOST
APPFLOWY_MAILER_SMTP_PORT APPFLOWY_MAILER_SMTP_TLS_KIND APPFLOWY_AUDIT_ENABLE APPFLOWY_AUDIT_RETENTION_DAYS
APPFLOWY_BACKUP_PROFILE APPFLOWY_ENABLE_SWAGGER APPFLOWY_MIN_CLIENT_VERSION APPFLOWY_MIN_WEB_CLIENT_VERSION
APPFLOWY_SIGNUP_WHITELIST_ENABLED APPFLOWY_SEARCH_HOST APPFLOWY_SEARCH_PORT APPFLOWY_SEARCH_SERVICE_URL
AI_SERVER_HOST AI_SERVER_PORT AI_USE_MINIO AI_APPFLOWY_BUCKET_NAME APPFLOWY_WORKER_DATABASE_NAME
APPFLOWY_WORKER_ENVIRONMENT
POSTGRES_HOST POSTGRES_PORT POSTGRES_DB POSTGRES_USER POSTGRES_INITDB_ARGS POSTGRES_HOST_AUTH_METHOD
POSTGRES_SSL_MODE REDIS_HOST REDIS_PORT REDIS_TLS_ENABLED MINIO_HOST MINIO_PORT MINIO_BROWSER
MINIO_BROWSER_REDIRECT_URL MINIO_KMS_AUTO_ENCRYPTION MINIO_SERVER_SIDE_ENCRYPTION S3_SERVER_SIDE_ENCRYPTION
ENFORCE_HTTPS WS_REQUIRE_TLS ENABLE_AUDIT_LOG AUDIT_LOG_LEVEL AUDIT_LOG_FILE LOG_AUTH_EVENTS LOG_DATA_ACCESS
LOG_ADMIN_ACTIONS
GOTRUE_PASSWORD_MIN_LENGTH GOTRUE_PASSWORD_REQUIRED_CHARACTERS GOTRUE_PASSWORD_HIBP_*
GOTRUE_JWT_EXP GOTRUE_JWT_AUD GOTRUE_JWT_ISSUER GOTRUE_JWT_ADMIN_GROUP_NAME GOTRUE_JWT_DEFAULT_GROUP_NAME
GOTRUE_JWT_ADMIN_ROLES GOTRUE_JWT_VALID_METHODS GOTRUE_REFRESH_TOKEN_EXP
GOTRUE_DISABLE_SIGNUP GOTRUE_SITE_URL GOTRUE_URI_ALLOW_LIST GOTRUE_DB_DRIVER GOTRUE_DB_NAMESPACE
GOTRUE_API_HOST GOTRUE_API_PORT GOTRUE_LOG_LEVEL GOTRUE_METRICS_ENABLED GOTRUE_AUDIT_LOG_DISABLE_POSTGRES
GOTRUE_MAILER_AUTOCONFIRM GOTRUE_MAILER_SECURE_EMAIL_CHANGE_ENABLED GOTRUE_MAILER_ALLOW_UNVERIFIED_EMAIL_SIGN_INS
GOTRUE_MAILER_OTP_EXP GOTRUE_MAILER_OTP_LENGTH GOTRUE_MAILER_URLPATHS_* GOTRUE_MAILER_NOTIFICATIONS_*_ENABLED
GOTRUE_SMTP_HOST GOTRUE_SMTP_PORT GOTRUE_SMTP_MAX_FREQUENCY GOTRUE_SMS_MAX_FREQUENCY GOTRUE_SMS_AUTOCONFIRM
GOTRUE_SAML_ENABLED GOTRUE_SAML_ALLOW_ENCRYPTED_ASSERTIONS GOTRUE_SAML_EXTERNAL_URL GOTRUE_SAML_RATE_LIMIT_ASSERTION
GOTRUE_SAML_METADATA_URL GOTRUE_SAML_ENTITY_ID GOTRUE_SAML_SSO_URL
GOTRUE_SESSIONS_* GOTRUE_RATE_LIMIT_* GOTRUE_MFA_ENABLED GOTRUE_MFA_METHODS GOTRUE_MFA_REQUIRED GOTRUE_MFA_*_ENABLED
GOTRUE_MFA_MAX_ENROLLED_FACTORS GOTRUE_MFA_MAX_VERIFIED_FACTORS GOTRUE_MFA_RATE_LIMIT_CHALLENGE_AND_VERIFY
GOTRUE_PASSKEY_ENABLED GOTRUE_EXTERNAL_*_ENABLED GOTRUE_EXTERNAL_*_REDIRECT_URI GOTRUE_EXTERNAL_*_SKIP_NONCE_CHECK
GOTRUE_EXTERNAL_*_EMAIL_OPTIONAL GOTRUE_OAUTH_*_ENABLED GOTRUE_OAUTH_*_REDIRECT_URI GOTRUE_HOOK_*_ENABLED
GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_CURRENT_PASSWORD
GOTRUE_SECURITY_REQUIRE_REAUTH GOTRUE_SECURITY_CAPTCHA_ENABLED GOTRUE_SECURITY_CAPTCHA_PROVIDER
GOTRUE_SECURITY_MANUAL_LINKING_ENABLED GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED
GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL GOTRUE_SECURITY_REFRESH_TOKEN_ALLOW_REUSE
GOTRUE_SECURITY_DB_ENCRYPTION_ENCRYPT GOTRUE_SECURITY_SB_FORWARDED_FOR_ENABLED
GOTRUE_LDAP_ENABLED GOTRUE_LDAP_HOST GOTRUE_LDAP_PORT GOTRUE_LDAP_USE_SSL GOTRUE_LDAP_BASE_DN GOTRUE_LDAP_USER_FILTER
'
# END allowed keys
# Factory values that everybody can read in AppFlowy's repositories and in the images it uses, one a line. A value,
# or the password inside a URL, that equals one of them is flagged.
# BEGIN factory secrets
fk_known='
hello456
password
minioadmin
root
postgres
password1234
email_sender_password
admin
changeme
'
# END factory secrets

# ---- Frames -----------------------------------------------------------------------------------------------------
# Hundredths of a second since boot, without a process.
fk_clock() {
  fk_now=0
  read -r fk_now fk_rest </proc/uptime
  fk_now=${fk_now%.*}${fk_now#*.}
  while :; do
    case $fk_now in 0?*) fk_now=${fk_now#0} ;; *) break ;; esac
  done
}

# fk_frame ID STATUS RC MS TEXT
fk_frame() {
  fk_text=$5
  fk_cut=0
  if [ "${#fk_text}" -gt 2097152 ]; then
    fk_text=$(printf '%.2097152s' "$fk_text")
    fk_cut=1
  fi
  if [ $((fk_total + ${#fk_text})) -gt 16777216 ]; then
    fk_text=
    fk_cut=1
  fi
  fk_total=$((fk_total + ${#fk_text}))
  fk_frames=$((fk_frames + 1))
  printf 'FK1 %s %s %s %s %s %s %s\n%s\n' "$FK_NONCE" "$1" "$2" "$3" "$4" "${#fk_text}" "$fk_cut" "$fk_text"
}

# fk_run SECONDS COMMAND...: sets fk_out, fk_rc, fk_ms. SECONDS is 0 for what cannot hang. With fk_capped=1 the
# command's output is cut off while it runs, for what a hostile container or user can feed; that costs two processes.
fk_capped=0
fk_run() {
  fk_limit=$1
  shift
  fk_clock
  fk_start=$fk_now
  fk_ms=0
  fk_out=
  fk_rc=124
  [ "$fk_over" = 0 ] || return 0
  [ "$fk_limit" = 0 ] || set -- timeout -k 2 "$fk_limit" "$@"
  if [ -n "$fk_stdin" ]; then
    fk_out=$({ printf '%s' "$fk_stdin" | "$@" 2>/dev/null; printf '\n%s' "$?"; } | head -c 2097200)
  elif [ "$fk_capped" = 1 ]; then
    fk_out=$({ "$@" 2>/dev/null; printf '\n%s' "$?"; } | head -c 2097200)
  else
    fk_out=$(exec "$@" 2>/dev/null)
    fk_rc=$?
    [ -z "$fk_out" ] || fk_out=$fk_out$fk_nl
  fi
  if [ "$fk_over" = 1 ]; then
    fk_out=
    fk_rc=124
  elif [ "$fk_capped" = 1 ] && [ "${#fk_out}" -ge 2097199 ]; then
    fk_rc=0 # cut off: its end, with the exit status, is not there
  elif [ "$fk_capped" = 1 ]; then
    fk_rc=${fk_out##*"$fk_nl"}
    fk_out=${fk_out%"$fk_nl"*}
  fi
  case $fk_rc in '' | *[!0-9]*) fk_rc=1 ;; esac
  fk_clock
  fk_ms=$(((fk_now - fk_start) * 10))
}

# The word for an exit status.
fk_judge() {
  case $fk_rc in
    0) fk_status=ok ;;
    124 | 137 | 143) fk_status=timeout ;; # busybox's timeout gives 143
    127) fk_status=missing ;;
    *) fk_status=failed ;;
  esac
}

fk_send() {
  fk_judge
  fk_frame "$1" "$fk_status" "$fk_rc" "$fk_ms" "$fk_out"
}

# fk_tool ID SECONDS root|user COMMAND...: one command, one raw section.
fk_tool() {
  fk_id=$1
  fk_for=$3
  fk_secs=$2
  shift 3
  if ! command -v "$1" >/dev/null 2>&1; then
    fk_frame "$fk_id" missing 127 0 ''
  elif [ "$fk_for" = root ] && [ "$fk_uid" != 0 ]; then
    fk_frame "$fk_id" denied 1 0 ''
  else
    fk_run "$fk_secs" "$@"
    fk_send "$fk_id"
  fi
}

# fk_slurp FILE: its text in fk_out, without a process.
fk_slurp() {
  fk_out=
  fk_line=
  [ -r "$1" ] || return 1
  while IFS= read -r fk_line || [ -n "$fk_line" ]; do
    fk_out=$fk_out$fk_line$fk_nl
    fk_line=
  done <"$1"
}

# fk_first FILE: the first line, only harmless characters, in fk_line.
fk_first() {
  fk_line=
  if [ -r "$1" ]; then read -r fk_line <"$1"; fi
  case $fk_line in *[!A-Za-z0-9._:+~-]*) fk_line= ;; esac
}

# ---- Shared by the awk programs ---------------------------------------------------------------------------------
# Values come out of docker as JSON strings, so that no value can hold a raw line end and forge a line.
fk_awk_lib='
function junesc(s,  r, p, c, u, n) { # the inside of a JSON string, decoded; NUL is dropped
  r = ""
  while ((p = index(s, "\\")) > 0) {
    r = r substr(s, 1, p - 1)
    c = substr(s, p + 1, 1)
    n = 2
    if (c == "n") r = r "\n"
    else if (c == "t") r = r "\t"
    else if (c == "r") r = r "\r"
    else if (c == "b") r = r "\b"
    else if (c == "f") r = r "\f"
    else if (c == "u") {
      u = hex(substr(s, p + 2, 4))
      n = 6
      if (u >= 55296 && u < 56320 && substr(s, p + 6, 2) == "\\u") {
        u = 65536 + (u - 55296) * 1024 + hex(substr(s, p + 8, 4)) - 56320
        n = 12
      }
      r = r utf8(u)
    } else r = r c
    s = substr(s, p + n)
  }
  return r s
}
function hex(s,  i, v) {
  v = 0
  for (i = 1; i <= length(s); i++) v = v * 16 + index("0123456789abcdef", tolower(substr(s, i, 1))) - 1
  return v
}
function utf8(u) {
  if (u < 1) return ""
  if (u < 128) return sprintf("%c", u)
  if (u < 2048) return sprintf("%c%c", 192 + int(u / 64), 128 + u % 64)
  if (u < 65536) return sprintf("%c%c%c", 224 + int(u / 4096), 128 + int(u / 64) % 64, 128 + u % 64)
  return sprintf("%c%c%c%c", 240 + int(u / 262144), 128 + int(u / 4096) % 64, 128 + int(u / 64) % 64, 128 + u % 64)
}
function val(s) { return substr(s, 1, 1) == "\"" ? junesc(substr(s, 2, length(s) - 2)) : "" }
function esc(s) {
  gsub(/\\/, "&&", s)
  gsub(/\t/, "\\t", s)
  gsub(/\n/, "\\n", s)
  gsub(/\r/, "\\r", s)
  return s
}
# One line of the docker inspect template: who the containers are and to which project they belong.
function learn(line,  f, k, v) {
  split(line, f, "\t")
  if (f[1] == "container") { cn++; cid[cn] = val(f[2]); project[cn] = service[cn] = workdir[cn] = files[cn] = envfile[cn] = ""; return }
  if (f[1] == "image") { cimage[cn] = val(f[2]); return }
  if (f[1] == "imageid") { cimageid[cn] = val(f[2]); return }
  if (f[1] == "state") { cstate[cn] = val(f[2]); return }
  if (f[1] != "label") return
  k = val(f[2]); v = val(f[3])
  if (k == "com.docker.compose.project") project[cn] = v
  else if (k == "com.docker.compose.service") service[cn] = v
  else if (k == "com.docker.compose.oneoff") oneoff[cn] = (v == "True")
  else if (k == "com.docker.compose.project.working_dir") workdir[cn] = v
  else if (k == "com.docker.compose.project.config_files") files[cn] = v
  else if (k == "com.docker.compose.project.environment_file") envfile[cn] = v
  else if (k == "com.docker.stack.namespace") { stack[cn] = v }
  else if (k == "com.docker.swarm.service.name") swarm[cn] = v
}
# After the last line: swarm names, and which projects are AppFlowy. A container of `compose run` is no service.
function relate(  i) {
  for (i = 1; i <= cn; i++) {
    if (project[i] == "" && stack[i] != "") {
      project[i] = stack[i]
      service[i] = swarm[i]
      if (index(service[i], stack[i] "_") == 1) service[i] = substr(service[i], length(stack[i]) + 2)
      kind[project[i]] = "swarm"
    }
    if (oneoff[i]) service[i] = ""
    mine[i] = (cimage[i] ~ /(^|\/)appflowyinc\// || cimage[i] ~ /appflowy_/ || service[i] == "gotrue" || service[i] == "appflowy_cloud")
    if (mine[i] && project[i] != "") related[project[i]] = 1
  }
  for (i = 1; i <= cn; i++) if (project[i] in related) mine[i] = 1
}
'

# Finds the deployments. Prints for the shell: their number; nine lines each; one line of image names; then the
# text of the section. A value with a control character is of no use as an argument and is left out.
fk_awk_plan='
function clean(s) { return s ~ /[\001-\037\177]/ ? "" : s }
function pick(n, p, name, pattern,  i, best) { # the running container of a service, else a stopped one
  best = 0
  for (i = 1; i <= cn; i++) {
    if (project[i] != p || oneoff[i] || !(service[i] == name || (service[i] != "" && cimage[i] ~ pattern))) continue
    if (!best || (cstate[i] == "running" && cstate[best] != "running") || (cstate[i] == cstate[best] && service[i] == name && service[best] != name)) best = i
  }
  return best
}
{
  learn($0)
  split($0, f, "\t")
  if (f[1] == "net" && f[3] != "\"\"" && f[3] != "") { if (!(cn in ip)) ip[cn] = val(f[3]) }
  if (f[1] == "env") { e = val(f[2]); if (e ~ /^PORT=[0-9]+$/) port[cn] = substr(e, 6) }
}
END {
  relate()
  n = 0
  for (p in related) name[++n] = p
  for (i = 2; i <= n; i++) for (j = i; j > 1 && name[j] < name[j - 1]; j--) { t = name[j]; name[j] = name[j - 1]; name[j - 1] = t }
  if (n > 16) n = 16
  print n
  for (k = 1; k <= n; k++) {
    p = name[k]
    if (!(p in kind)) kind[p] = "compose"
    g = pick(n, p, "gotrue", "(^|/)gotrue(:|@|$)")
    w = pick(n, p, "nginx", "(^|/)nginx(:|@|$)")
    d = pick(n, p, "postgres", "(^|/)(postgres|pgvector)(:|@|$)")
    r = g
    for (i = 1; i <= cn; i++) if (project[i] == p && mine[i] && workdir[i] != "" && (!r || workdir[r] == "")) r = i
    print clean(p)
    print clean(workdir[r]); print clean(files[r]); print clean(envfile[r]); print kind[p]
    print (w ? cid[w] " " cstate[w] : ""); print (d ? cid[d] " " cstate[d] : ""); print (g ? cid[g] " " cstate[g] : "")
    print (g && ip[g] ~ /^[0-9.]+$/ ? ip[g] : "") ":" (port[g] ? port[g] : 9999)
    body[k] = k "\t" esc(p) "\t" esc(workdir[r]) "\t" esc(files[r]) "\t" esc(envfile[r]) "\t" kind[p]
  }
  line = ""
  for (i = 1; i <= cn; i++) {
    if (cimage[i] ~ /^[A-Za-z0-9][A-Za-z0-9._\/:@-]*$/ && !(cimage[i] in seen)) { seen[cimage[i]] = 1; line = line " " cimage[i] }
    if (cimageid[i] ~ /^sha256:[0-9a-f]+$/ && !(cimageid[i] in seen)) { seen[cimageid[i]] = 1; line = line " " cimageid[i] }
  }
  print line
  for (k = 1; k <= n; k++) print body[k]
}
'

# ---- The redactor -------------------------------------------------------------------------------------------------
# One awk process sees every text that can hold a secret (containers, all `.env` files, all rendered compose
# files, all nginx configurations): it costs a process once, and equality groups must agree over all of them. A
# value gets its letters the first time it is met and keeps them, and the table lives only in this process. Texts come on stdin, each behind a line
# FKIN KIND ID STATUS RC MS BYTES, and are counted, so that no text can pose as the next header.
fk_awk_redact='
function letters(n,  s) { s = ""; while (n > 0) { n--; s = sprintf("%c", 97 + n % 26) s; n = int(n / 26) }; return s }
function allowed(key,  i, n) { # without regular expressions made here: gawk and busybox compile them each time
  if (key in verdict) return verdict[key]
  verdict[key] = (key in allow)
  n = length(key)
  if (!verdict[key] && key ~ /^[A-Z0-9_]+$/)
    for (i = 1; i <= nstar && !verdict[key]; i++)
      verdict[key] = (n >= length(starhead[i]) + length(startail[i]) && substr(key, 1, length(starhead[i])) == starhead[i] && substr(key, n - length(startail[i]) + 1) == startail[i])
  return verdict[key]
}
function userinfo(v) { return v ~ /:\/\/[^\/]*@/ || v ~ /:[^@]*@/ }
function plain(v) { return length(v) <= 1024 && v !~ /[\001-\037\177]/ && !userinfo(v) }
function percent(s,  r, p) {
  r = ""
  while ((p = index(s, "%")) > 0) {
    r = r substr(s, 1, p - 1)
    if (substr(s, p + 1, 2) ~ /^[0-9A-Fa-f][0-9A-Fa-f]$/) { r = r sprintf("%c", hex(substr(s, p + 1, 2)) ? hex(substr(s, p + 1, 2)) : 1); s = substr(s, p + 3) }
    else { r = r "%"; s = substr(s, p + 1) }
  }
  return r s
}
function factory(v,  p, a, i) { # the value itself, or the password of a URL, is known to everybody
  if (v == "") return 0
  if (v in known) return 1
  if ((p = index(v, "://")) == 0 || p > 24) return 0
  a = substr(v, p + 3)
  if (match(a, /[\/?#]/)) a = substr(a, 1, RSTART - 1)
  i = 0
  while ((p = index(substr(a, i + 1), "@")) > 0) i += p
  if (!i) return 0
  a = substr(a, 1, i - 1)
  if ((p = index(a, ":")) == 0) return 0
  return percent(substr(a, p + 1)) in known
}
function hide(v,  n, b, c) {
  n = length(v)
  b = n == 0 ? "0" : n < 8 ? "1-7" : n < 12 ? "8-11" : n < 16 ? "12-15" : n < 32 ? "16-31" : n < 64 ? "32-63" : "64+"
  c = (v ~ /[a-z]/ ? "l" : "") (v ~ /[A-Z]/ ? "u" : "") (v ~ /[0-9]/ ? "d" : "") (v ~ /[^A-Za-z0-9]/ ? "s" : "")
  if (!(v in group)) group[v] = letters(++ngroup)
  return "~" b "," (c == "" ? "-" : c) "," factory(v) "," group[v]
}
function show(key, v) { return allowed(key) && plain(v) ? "=" esc(v) : hide(v) }
# A name that looks like a piece of a key or token (the tail of an unquoted PEM block has "=" too) is not sent.
function keyname(k) {
  gsub(/[^A-Za-z0-9_.-]/, "_", k)
  if (length(k) > 96) return "_"
  if (k !~ /_/ && (length(k) > 20 || (length(k) > 11 && k ~ /[0-9]/) || (k ~ /[a-z]/ && k ~ /[A-Z]/ && k ~ /[0-9]/))) return "_"
  return k
}
# An argument of a command travels only when it is a word, option, path or setting known to be harmless, and does
# not follow an option that names a secret.
function argument(before, v) {
  if (tolower(before) ~ /pass|secret|token|key|auth|cred|user/ && before ~ /^-/) return hide(v)
  if (length(v) > 128) return hide(v)
  if (v in word) return "=" v
  if (v ~ /^-[A-Za-z]$/ || (v ~ /^--[a-z][a-z-]*$/ && length(v) < 32)) return "=" v
  if (v ~ /^:?[0-9]+$/ && length(v) < 7) return "=" v
  if (v ~ /^\/(usr|etc|var|opt|bin|sbin|data|srv|run|app|docker-entrypoint)[a-z_.\/-]*$/) return "=" v
  if (v ~ /^(port|max_connections|ssl|listen_addresses|shared_buffers|work_mem|wal_level|password_encryption|log_[a-z_]+)=[A-Za-z0-9_.*]*$/ && length(v) < 64) return "=" v
  if (v ~ /^--(console-address|address|port|appendonly|protected-mode|bind)=[A-Za-z0-9_.:]*$/ && length(v) < 48) return "=" v
  return hide(v)
}
function begin(id, status, rc, ms) { fid = id; fstatus = status; frc = rc; fms = ms; fn = 0; fbytes = 0; fcut = 0 }
function put(line) {
  if (fcut) return
  if (fbytes + length(line) + 1 > 2097152 || total + fbytes + length(line) + 1 > 16777216) { fcut = 1; return }
  fbytes += length(line) + 1
  fline[++fn] = line
}
function finish(  i) {
  printf "FK1 %s %s %s %d %d %d %d\n", nonce, fid, fstatus, frc, fms, fbytes, fcut
  for (i = 1; i <= fn; i++) print fline[i]
  print ""
  total += fbytes
}
function envpair(word, s,  p) {
  if ((p = index(s, "=")) > 1) put(word "\t" keyname(substr(s, 1, p - 1)) "\t" show(substr(s, 1, p - 1), substr(s, p + 1)))
}

# docker image inspect
function image_line(line,  f, s) {
  split(line, f, "\t")
  s = val(f[2])
  if (f[1] == "image") { im = (s in imseen) ? "" : s; imlast = s; imseen[s] = 1; tagof[s] = s; imenv[s, 0] += 0; imcmd[s, 0] += 0 }
  else if (f[1] == "tag") tagof[s] = imlast
  else if (im == "") return
  else if (f[1] == "env") imenv[im, ++imenv[im, 0]] = s
  else if (f[1] == "cmd") imcmd[im, ++imcmd[im, 0]] = s
}
function resolve(ref,  r) {
  if (ref in tagof) return tagof[ref]
  r = ref
  sub(/^docker\.io\//, "", r)
  sub(/^library\//, "", r)
  if (r !~ /@/ && r !~ /:[^\/]*$/) r = r ":latest"
  return r in tagof ? tagof[r] : ""
}

# docker inspect
function container_end(  i, last, f, n, q, key, before, b, part) {
  relate()
  for (i = 1; i <= cn; i++) {
    put("container\t" esc(cid[i]))
    before = ""
    b = 0
    if (project[i] != "") put("project\t" esc(project[i]))
    if (service[i] != "") put("service\t" esc(service[i]))
    if (workdir[i] != "" && mine[i]) put("workdir\t" esc(workdir[i]))
    if (files[i] != "" && mine[i]) put("configfiles\t" esc(files[i]))
    if (envfile[i] != "" && mine[i]) put("envfile\t" esc(envfile[i]))
    put("tagid\t" resolve(cimage[i]))
    for (n = cfirst[i]; n <= clast[i]; n++) {
      split(cline[n], f, "\t")
      key = f[1]
      if (key == "name") { q = val(f[2]); sub(/^\//, "", q); put("name\t" esc(q)) }
      else if (key ~ /^(image|imageid|state|health|started|policy|netmode)$/) put(key "\t" esc(val(f[2])))
      else if (key == "restarts") put("restarts\t" (f[2] + 0))
      else if (key == "env" && mine[i]) envpair("env", val(f[2]))
      else if (key == "cmd" && mine[i]) { q = val(f[2]); put("cmd\t" argument(before, q)); before = q }
      else if (key == "mount" && mine[i]) { q = val(f[3]); if (q == "") q = val(f[4]); put("mount\t" esc(val(f[2])) "\t" esc(q) "\t" esc(val(f[5])) "\t" (f[6] == "false" ? "ro" : "rw")) }
      else if (key == "net") put("net\t" esc(val(f[2])) "\t" esc(val(f[3])) "\t" esc(val(f[4])))
      else if (key == "port" || key == "want") ports(key, val(f[2]), f[3])
    }
    if (!mine[i]) continue
    b = cimageid[i]
    for (n = 1; n <= imenv[b, 0]; n++) envpair("ienv", imenv[b, n])
    before = ""
    for (n = 1; n <= imcmd[b, 0]; n++) { put("icmd\t" argument(before, imcmd[b, n])); before = imcmd[b, n] }
  }
}
function ports(key, port, list,  part, n, i, ip, hp) { # list: [{"HostIp":"0.0.0.0","HostPort":"80"},...]
  n = split(list, part, "}")
  for (i = 1; i <= n; i++) {
    if (part[i] !~ /HostPort/) continue
    ip = hp = ""
    if (match(part[i], /"HostI[pP]":"[^"]*"/)) ip = substr(part[i], RSTART + 10, RLENGTH - 11)
    if (match(part[i], /"HostPort":"[^"]*"/)) hp = substr(part[i], RSTART + 12, RLENGTH - 13)
    put(key "\t" esc(port) "\t" ip "\t" hp)
  }
}

# Which keys of the `.env` something of another name is made of, by the compose files, which come behind it, or by
# another line of it. Only names leave, and only those of keys.
function uses_line(s, inenv,  own, name) {
  sub(/\r$/, "", s)
  if (length(s) > 4096 || s ~ /^[ \t]*#/) return
  own = ""
  sub(/^[ \t-]+/, "", s)
  sub(/^export[ \t]+/, "", s)
  gsub(/["\047]/, "", s)
  if (match(s, /^[A-Za-z_][A-Za-z0-9_]*[ \t]*[=:]/)) { own = substr(s, 1, RLENGTH - 1); sub(/[ \t]+$/, "", own) }
  if (inenv && own != "") envkey[own] = 1
  gsub(/[$][$]/, "", s)
  sub(/[ \t]#.*/, "", s)
  while (match(s, /[$][{]?[A-Za-z_][A-Za-z0-9_]*/)) {
    name = substr(s, RSTART + 1, RLENGTH - 1)
    s = substr(s, RSTART + RLENGTH)
    sub(/^[{]/, "", name)
    if (name != own) used[name] = 1
  }
}
function uses_list(  name, list) {
  list = ""
  for (name in used) if (name in envkey && name ~ /^[A-Z]+_[A-Z0-9_]+$/ && length(name) < 97) list = list (list == "" ? "\t" : ",") name
  split("", used)
  split("", envkey)
  return list
}

# `.env`, by the rules of compose
function matching(s,  i, d, c) { # s starts with "{": where its "}" stands
  d = 0
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (c == "{") d++
    else if (c == "}" && --d == 0) return i
  }
  return 0
}
function expand(s, depth,  r, p, c, e, inner, name, op, set, v) { # sets bad where it cannot be resolved here
  r = ""
  if (length(s) > 65536) bad = 1
  while (!bad && (p = index(s, "$")) > 0) {
    r = r substr(s, 1, p - 1)
    s = substr(s, p + 1)
    c = substr(s, 1, 1)
    if (c == "$") { r = r "$"; s = substr(s, 2); continue }
    op = ""
    if (c == "{") {
      e = matching(s)
      if (!e || depth > 8) { bad = 1; return "" }
      inner = substr(s, 2, e - 2)
      s = substr(s, e + 1)
      if (!match(inner, /^[A-Za-z_][A-Za-z0-9_]*/)) { bad = 1; return "" }
      name = substr(inner, 1, RLENGTH)
      op = substr(inner, RLENGTH + 1)
    } else if (match(s, /^[A-Za-z_][A-Za-z0-9_]*/)) {
      name = substr(s, 1, RLENGTH)
      s = substr(s, RLENGTH + 1)
    } else { bad = 1; return "" }
    set = (name in ev)
    v = set ? ev[name] : ""
    if (set && (!allowed(name) || tainted[name])) taint = 1
    if (op == "") { if (!set) { bad = 1; return "" }; r = r v }
    else if (op ~ /^:-/) r = r (v != "" ? v : expand(substr(op, 3), depth + 1))
    else if (op ~ /^-/) r = r (set ? v : expand(substr(op, 2), depth + 1))
    else if (op ~ /^:\+/) r = r (v != "" ? expand(substr(op, 3), depth + 1) : "")
    else if (op ~ /^\+/) r = r (set ? expand(substr(op, 2), depth + 1) : "")
    else if (op ~ /^:?\?/ && set) r = r v
    else { bad = 1; return "" }
    if (length(r) > 65536) { bad = 1; return "" }
  }
  return r s
}
function backslashes(s,  r, p, c, q) { # of a double-quoted value
  r = ""
  while ((p = index(s, "\\")) > 0) {
    c = substr(s, p + 1, 1)
    r = r substr(s, 1, p - 1)
    if ((q = index("abfnrtv", c)) > 0 && c != "") r = r substr("\a\b\f\n\r\t\v", q, 1)
    else if (c == "\\" || c == "\"") r = r c
    else if (c == "$") r = r "$$"
    else r = r "\\" c
    s = substr(s, p + 2)
  }
  return r s
}
function env_end(  i, j, s, v, q, r, c, key, closed, raw, text) {
  put(efile uses_list())
  for (i = 1; i <= en; i++) {
    s = eline[i]
    sub(/\r$/, "", s)
    if (i == 1) sub(/^\357\273\277/, "", s)
    sub(/^[ \t\v\f]+/, "", s)
    if (s == "" || substr(s, 1, 1) == "#") continue
    sub(/^export[ \t]+/, "", s)
    if (!match(s, /^[A-Za-z0-9_.-]+[ \t]*[=:]/)) continue
    key = substr(s, 1, RLENGTH - 1)
    sub(/[ \t]+$/, "", key)
    raw = v = substr(s, RLENGTH + 1)
    sub(/^[ \t\v\f]+/, "", v)
    eat = i
    bad = taint = 0
    q = substr(v, 1, 1)
    if (length(v) > 65536) { # reading it as below would take for ever
      text = v
      taint = 1
    } else if (q == "\"" || q == "\047") {
      r = ""
      closed = 0
      v = substr(v, 2)
      j = i
      for (;;) {
        if (!match(v, q == "\"" ? "[\\\\\"]" : "[\\\\\047]")) {
          if (j >= en) break
          r = r v "\n"
          v = eline[++j]
          sub(/\r$/, "", v)
          continue
        }
        r = r substr(v, 1, RSTART - 1)
        c = substr(v, RSTART, 1)
        if (c == q) { closed = 1; break }
        c = substr(v, RSTART + 1, 1)
        r = r (c == q ? c : "\\" c)
        v = substr(v, RSTART + 2)
      }
      if (closed) {
        eat = j
        if (length(r) > 65536) { text = r; taint = 1 }
        else if (q == "\"") { r = backslashes(r); text = expand(r, 0); if (bad) text = r }
        else text = r
      } else { # compose refuses the file: nothing of it is quoted text
        text = raw
        taint = 1
      }
    } else {
      if ((c = index(v, " #")) > 0) v = substr(v, 1, c - 1)
      sub(/[ \t\v\f]+$/, "", v)
      text = expand(v, 0)
      if (bad) text = v
    }
    put("env\t" i "\t" keyname(key) "\t" (taint ? hide(text) : show(key, text)))
    ev[key] = text
    tainted[key] = taint
    i = eat
  }
}

# docker compose config --format json, token by token
function rendered_line(s,  p, b, q, str) {
  if (length(s) > 262144) jbad = 1
  while (s != "" && !jbad) {
    if (match(s, /^[ \t\r,:]+/)) { s = substr(s, RLENGTH + 1); continue }
    q = substr(s, 1, 1)
    if (q == "\"") {
      p = 1
      for (;;) {
        b = index(substr(s, p + 1), "\"")
        if (!b) { jbad = 1; return }
        p += b
        b = 0
        while (substr(s, p - 1 - b, 1) == "\\") b++
        if (b % 2 == 0) break
      }
      str = junesc(substr(s, 2, p - 2))
      s = substr(s, p + 1)
      if (jkind[jd] == "{" && jwant[jd]) { jkey[jd] = str; jwant[jd] = 0 }
      else { leaf("s", str); jwant[jd] = 1 }
    } else if (q == "{" || q == "[") {
      jwant[jd] = 1
      jd++
      if (jd > 32) { jbad = 1; return }
      jkind[jd] = q
      jwant[jd] = 1
      jkey[jd] = ""
      if (q == "{") opened()
      s = substr(s, 2)
    } else if (q == "}" || q == "]") {
      if (q == "}") ended()
      jd--
      if (jd < 0) { jbad = 1; return }
      s = substr(s, 2)
    } else {
      if (!match(s, /^[A-Za-z0-9.+-]+/)) { jbad = 1; return }
      leaf("v", substr(s, 1, RLENGTH))
      jwant[jd] = 1
      s = substr(s, RLENGTH + 1)
    }
  }
}
function opened(  k) {
  if (jd == 3 && jkey[1] == "services") { rn++; rname[rn] = jkey[2]; rlines[rn] = 0 }
  if (jd == 5) for (k in entry) delete entry[k]
}
function ended() {
  if (jd != 5 || jkey[1] != "services") return
  if (jkey[3] == "volumes") radd("mount", entry["type"], entry["source"], entry["target"], (entry["read_only"] == "true" ? "ro" : "rw"))
  else if (jkey[3] == "ports") radd("port", entry["target"] "/" (entry["protocol"] == "" ? "tcp" : entry["protocol"]), entry["host_ip"], entry["published"], "")
}
function radd(word, a, b, c, d) { rlines[rn]++; rl[rn, rlines[rn]] = word; ra[rn, rlines[rn]] = a; rb[rn, rlines[rn]] = b; rc4[rn, rlines[rn]] = c; rd[rn, rlines[rn]] = d }
function leaf(type, v) {
  if (type == "v" && v == "null") return
  gsub(/\$\$/, "$", v) # config writes every dollar twice
  if (jkey[1] == "volumes" && jd == 3 && jkey[3] == "name") { realname[jkey[2]] = v; return }
  if (jkey[1] != "services") return
  if (jd == 3 && jkey[3] == "image") radd("image", v, "", "", "")
  else if (jd == 3 && jkey[3] == "network_mode") radd("netmode", v, "", "", "")
  else if (jd == 4 && jkey[3] == "environment") radd("env", jkey[4], v, "", "")
  else if (jd == 4 && jkey[3] == "command" && jkind[4] == "[") radd("cmd", v, "", "", "")
  else if (jd == 5) entry[jkey[5]] = v
}
function rendered_end(  i, n, w, before) {
  if (jbad || jd != 0) { fstatus = fstatus == "ok" ? "failed" : fstatus; return }
  for (i = 1; i <= rn; i++) {
    put("service\t" esc(rname[i]))
    before = ""
    for (n = 1; n <= rlines[i]; n++) {
      w = rl[i, n]
      if (w == "env") put("env\t" keyname(ra[i, n]) "\t" show(ra[i, n], rb[i, n]))
      else if (w == "cmd") { put("cmd\t" argument(before, ra[i, n])); before = ra[i, n] }
      else if (w == "mount") put("mount\t" esc(ra[i, n]) "\t" esc(ra[i, n] == "volume" && (rb[i, n] in realname) ? realname[rb[i, n]] : rb[i, n]) "\t" esc(rc4[i, n]) "\t" rd[i, n])
      else if (w == "port") put("port\t" esc(ra[i, n]) "\t" esc(rb[i, n]) "\t" esc(rc4[i, n]))
      else put(w "\t" esc(ra[i, n]))
    }
  }
}

# nginx -T, printed again with what can be secret replaced by the word redacted, still readable as nginx
# configuration with the same line numbers. Comments are dropped. Every argument is held against the forms that its
# directive may show, see travels(); what fits none is replaced, and so are directives that are not listed.
function bare(t,  q) { q = substr(t, 1, 1); return q == "\"" || q == "\047" ? substr(t, 2, length(t) - 2) : t }
function masked(t,  n, r) { n = gsub(/\n/, "\n", t); r = "redacted"; while (n-- > 0) r = r "\n"; return r }
function isvariable(t) { return t ~ /^[$]([a-z][a-z_]*|[{][a-z][a-z_]*[}]|[0-9])$/ && length(t) <= 42 }
function isharmless(t) { # nothing but variables and punctuation
  gsub(/[$][{][a-z][a-z_]*[}]|[$][a-z][a-z_]*|[$][0-9]/, "", t)
  return t ~ /^[] :\/.,;?&=_|"[-]*$/
}
function isamount(t) { return t ~ /^-?[0-9]+([.][0-9]+)?([kKmMgG]|ms|s|m|h|d|w|y|r\/s|r\/m|%)?$/ && length(t) <= 10 }
function isword(t) { return t in nginxword || isamount(t) || isharmless(t) }
function isname(t) { return t ~ /^[a-z][a-z_]*$/ && length(t) <= 32 }
function isfile(t) { return t ~ /^[A-Za-z0-9._*?\/-]+$/ && length(t) <= 255 }
function ishost(t) { return t ~ /^([*]|[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])?(:[0-9]+)?$/ && length(t) <= 253 }
function isnumeric(t) { # an address
  sub(/\/[0-9]+$/, "", t)
  return length(t) <= 64 && (t ~ /^([0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|[*]|localhost)(:[0-9]+)?$/ || t ~ /^\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:]*(\](:[0-9]+)?)?$/)
}
function islisten(t) { return isword(t) || isnumeric(t) || isoption(t) || t ~ /:[0-9]+$/ && ishost(t) }
function isoption(t,  p, v) { # burst=20, zone=api:10m, valid=10s, shared:SSL:10m
  if (t ~ /^(shared|builtin):[A-Za-z]+:[0-9]+[kKmM]?$/ && length(t) <= 40) return 1
  if ((p = index(t, "=")) < 2 || !isname(substr(t, 1, p - 1))) return 0
  v = substr(t, p + 1)
  if (t !~ /^zone=/) return isword(v)
  p = index(v, ":")
  return p ? isname(substr(v, 1, p - 1)) && isamount(substr(v, p + 1)) : isname(v)
}
function isplain(t) { return isword(t) || isoption(t) }
function isknown(t) { return t in nginxword || t ~ /^[0-9][0-9]?[0-9]?$/ || isharmless(t) }
function showpath(s,  r, w) { # of an address or a pattern: known words stay, and what patterns are made of
  r = ""
  while (match(s, /[$]?[A-Za-z0-9_%~+=@-]+/)) {
    w = substr(s, RSTART, RLENGTH)
    r = r substr(s, 1, RSTART - 1)
    s = substr(s, RSTART + RLENGTH)
    if (isvariable(w)) { r = r w; continue }
    if (substr(w, 1, 1) == "$") { r = r "$"; w = substr(w, 2) }
    r = r (tolower(w) in pathword || w in nginxword || length(w) == 1 || w ~ /^[0-9][0-9]$/ || w ~ /^(a-z|A-Z|0-9|a-f|A-F|_|-)+$/ ? w : "redacted")
  }
  return r s
}
function showaddress(t,  p, r, a, v, q) { # scheme and host stay, the path word by word, of a query only variables
  q = ""
  if ((p = index(t, "?"))) { q = substr(t, p + 1); t = substr(t, 1, p - 1); q = "?" (isharmless(q) ? q : "redacted") }
  r = ""
  if (match(t, /^(https?|wss?|grpcs?):\/\//)) {
    r = substr(t, 1, RLENGTH)
    t = substr(t, RLENGTH + 1)
    p = index(t, "/")
    a = p ? substr(t, 1, p - 1) : t
    t = p ? substr(t, p) : ""
    v = ""
    if (match(a, /[$]/)) { v = substr(a, RSTART); a = substr(a, 1, RSTART - 1) }
    p = v
    sub(/:[0-9]+$/, "", p)
    r = r ((a == "" || a == "unix:" || ishost(a)) && isharmless(p) ? a v : "redacted")
  } else if (t !~ /^[\/$=@]/) return "redacted"
  return r showpath(t) q
}
function showheader(t,  r) { # of a header that is made to be read by everybody
  gsub(/nonce-[^ \047;]*/, "nonce-redacted", t)
  r = ""
  while (match(t, /:\/\/[^\/ \047";,]*/)) {
    r = r (index(substr(t, RSTART, RLENGTH), "@") ? substr(t, 1, RSTART - 1) "://redacted" : substr(t, 1, RSTART + RLENGTH - 1))
    t = substr(t, RSTART + RLENGTH)
    if (match(t, /^\/[^ \047";,]+/)) { r = r "/redacted"; t = substr(t, RLENGTH + 1) }
  }
  return r t
}
# What of argument i of the directive may be shown: the argument, a part of it, or the word redacted.
function travels(directive, i,  t, h) {
  t = bare(tok[i])
  if (length(t) > 2048 || t ~ /[\001-\037\177]/) return "redacted"
  h = directive in formof ? formof[directive] : ""
  if (h == "plain") return isplain(t) ? t : "redacted"
  if (h == "name") return isplain(t) || isupstream(t) ? t : "redacted"
  if (h == "file") return isfile(t) || isword(t) ? t : "redacted"
  if (h == "log") return isplain(t) || t ~ /^\/(var\/log\/nginx|dev)\/[a-z._-]+$/ && length(t) < 64 ? t : "redacted"
  if (h == "cipher") return t ~ /^[A-Za-z0-9:+!@_.-]+$/ ? t : "redacted"
  if (h == "host") return t ~ /^~?[A-Za-z0-9.*_?<>()|\\^$+{},:[-]*(\][A-Za-z0-9.*_?<>()|\\^$+{},:[-]*)*$/ && length(t) <= 253 ? t : "redacted"
  if (h == "listen") return islisten(t) ? t : t ~ /^unix:/ ? "unix:redacted" : "redacted"
  if (h == "server") return ishost(t) || isplain(t) || t ~ /^unix:/ && isfile(substr(t, 6)) ? t : "redacted"
  if (h == "address") return isplain(t) || directive == "proxy_pass" && isupstream(t) ? t : showaddress(t)
  if (h == "location") return showpath(t)
  if (h == "rewrite") return t in nginxword ? t : i == 2 ? showpath(t) : showaddress(t)
  if (h == "mime") return t ~ /^(text|application|image|font|audio|video|message|multipart)\/[a-z0-9.+*-]+$/ && length(t) < 80 || isplain(t) ? t : "redacted"
  if (h == "return") return i == 2 && t ~ /^[0-9][0-9][0-9]$/ || isharmless(t) ? t : t ~ /^(https?:\/\/|\/)/ ? showaddress(t) : "redacted"
  if (h == "set") {
    if (i == 2) return isvariable(t) ? t : "redacted"
    if (isknown(t) || "$" t == bare(tok[2]) || t ~ /^[a-z][a-z._-]*:[0-9]+$/ && length(t) < 64) return t
    return t ~ /^https?:\/\// ? showaddress(t) : "redacted"
  }
  if (h == "header") {
    if (i == 2) return tolower(t) in nginxheader ? t : "redacted"
    if (!(tolower(bare(tok[2])) in nginxheader)) return t == "always" && i > 3 ? t : "redacted"
    if (directive == "add_header") return showheader(t)
    return isknown(t) && (nginxheader[tolower(bare(tok[2]))] == 1 || isharmless(t)) || t ~ /^\/[a-z]*$/ && t == showpath(t) ? t : "redacted"
  }
  if (h == "headers") return tolower(t) in nginxheader || isword(t) ? t : "redacted"
  if (h == "if") return showcondition(t)
  return "redacted"
}
function isupstream(t) { return isname(t) || t ~ /^[A-Za-z0-9._-]+$/ && formof[bare(tok[1])] == "address" && length(t) < 64 }
function showcondition(t,  a, b) { # a word of `if ($request_method = POST)`, with the parentheses that may hang on it
  a = b = ""
  if (substr(t, 1, 1) == "(") { a = "("; t = substr(t, 2) }
  if (substr(t, length(t)) == ")") { b = ")"; t = substr(t, 1, length(t) - 1) }
  t = bare(t)
  return a (t == "" || t ~ /^(!?=|!?~[*]?|!?-[fdex])$/ || isvariable(t) || t in nginxword || t ~ /^[0-9]$/ || t ~ /^[~^(\/]/ && showpath(t) == t ? t : "redacted") b
}
function done(end,  i, n, r, t, k) {
  r = ""
  if (nt > 0) {
    n = bare(tok[1])
    for (i = 1; i <= nt; i++) {
      if (block[depth] ~ /^(map|geo|split_clients)$/) t = isknown(bare(tok[i])) || block[depth] == "geo" && isnumeric(bare(tok[i])) ? tok[i] : masked(tok[i])
      else if (block[depth] == "types") t = tok[i] ~ /^[a-z]+\/[a-z0-9.+-]+$/ && i == 1 && length(tok[i]) < 80 || tok[i] ~ /^[a-z0-9]+$/ && i > 1 && length(tok[i]) < 8 ? tok[i] : masked(tok[i])
      else if (i == 1) t = n in formof ? tok[1] : masked(tok[1])
      else {
        k = bare(tok[i])
        t = travels(block[depth] == "upstream" && n == "server" ? "upstream server" : n, i)
        if (t == k) t = tok[i]
        else if (t == "redacted") t = masked(tok[i])
        else if (tok[i] != k) t = substr(tok[i], 1, 1) t substr(tok[i], 1, 1)
      }
      r = r gap[i] (i > 1 && gap[i] == "" ? " " : "") t
    }
  }
  nginx_text(r pending (nt > 0 && end == "{" ? " " : "") end)
  pending = ""
  if (end == "{") { block[++depth] = nt > 0 ? n : "" }
  else if (end == "}" && depth > 0) depth--
  nt = 0
}
function word_end(t) { tok[++nt] = t; gap[nt] = pending; pending = "" }
function forms(k, list,  n, i, f) { n = split(list, f, " "); for (i = 1; i <= n; i++) formof[f[i]] = k }
function nginx_begin(  n, i, f) {
  n = split("upgrade Upgrade close keep-alive default true false on off https http wss ws none any all auto max epoch no-cache no-store identity gzip nosniff ssl default_server http2 quic reuseport deferred proxy_protocol nodelay optional optional_no_ca utf-8 main combined json escape=json debug info notice warn error crit alert emerg stderr last break redirect permanent always GET HEAD POST PUT DELETE PATCH OPTIONS timeout invalid_header updating http_500 http_502 http_503 http_504 http_404 http_429 non_idempotent SAMEORIGIN websocket nginx www-data nobody epoll", f, " ")
  for (i = 1; i <= n; i++) nginxword[f[i]] = 1
  nginxword[""] = 1
  n = split("api ws v1 v2 v3 gotrue console minio minio-api minio-console pgadmin portainer ai scim web app admin admin_frontend health healthz metrics status stub_status nginx_status well-known acme-challenge workspace publish publish-info published-info chat import export file_storage blob form public static assets js css images img fonts favicon robots index html htm txt ico png svg jpg jpeg gif webp woff json xml php login logout signup callback verify authorize token user users auth oauth saml sso acs settings invite recover magiclink otp ldap error errors maintenance collab realtime search template-center template server swagger docs openapi sitemap manifest backup upload uploads download storage stream serviceproviderconfig 404 403 500 502 503 504 50x uri", f, " ")
  for (i = 1; i <= n; i++) pathword[f[i]] = 1
  # 1: known words may be its value on the way to a backend, 2: variables alone
  n = split("host x-real-ip x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-port x-forwarded-prefix x-forwarded-server x-forwarded-scheme x-scheme x-host x-script-name x-nginx-proxy x-request-id connection upgrade origin referer accept-encoding cache-control forwarded via content-type content-length range if-range early-data user-agent", f, " ")
  for (i = 1; i <= n; i++) nginxheader[f[i]] = 1
  n = split("authorization cookie x-client-cert x-api-key", f, " ")
  for (i = 1; i <= n; i++) nginxheader[f[i]] = 2
  n = split("strict-transport-security content-security-policy content-security-policy-report-only x-frame-options x-content-type-options x-xss-protection referrer-policy permissions-policy feature-policy cross-origin-opener-policy cross-origin-embedder-policy cross-origin-resource-policy x-permitted-cross-domain-policies x-robots-tag expect-ct clear-site-data origin-agent-cluster access-control-allow-origin access-control-allow-methods access-control-allow-headers access-control-allow-credentials access-control-expose-headers access-control-max-age expires pragma vary alt-svc server x-powered-by x-dns-prefetch-control x-download-options report-to reporting-endpoints nel etag last-modified x-accel-buffering cf-connecting-ip cf-ray", f, " ")
  for (i = 1; i <= n; i++) nginxheader[f[i]] = 1
  forms("plain", "http events stream types map geo split_clients limit_except daemon master_process use multi_accept satisfy auth_basic stub_status internal charset expires etag sendfile tcp_nopush tcp_nodelay gzip gzip_vary gzip_proxied gzip_min_length gzip_comp_level gzip_disable gzip_static server_tokens underscores_in_headers ignore_invalid_headers merge_slashes absolute_redirect port_in_redirect server_name_in_redirect chunked_transfer_encoding http2 http3 quic_retry large_client_header_buffers reset_timedout_connection real_ip_recursive limit_req limit_req_zone limit_req_status limit_conn_zone limit_conn_status limit_rate keepalive keepalive_timeout keepalive_requests least_conn ip_hash hash send_timeout proxy_http_version proxy_buffering proxy_buffers proxy_buffer_size proxy_busy_buffers_size proxy_request_buffering proxy_cache_bypass proxy_cache_valid proxy_no_cache proxy_read_timeout proxy_connect_timeout proxy_send_timeout proxy_pass_request_headers proxy_pass_request_body proxy_intercept_errors proxy_next_upstream proxy_max_temp_file_size proxy_headers_hash_max_size proxy_headers_hash_bucket_size proxy_protocol worker_processes worker_connections worker_rlimit_nofile worker_shutdown_timeout client_max_body_size client_body_buffer_size client_body_timeout client_header_timeout client_header_buffer_size types_hash_max_size types_hash_bucket_size variables_hash_max_size variables_hash_bucket_size map_hash_max_size map_hash_bucket_size server_names_hash_bucket_size server_names_hash_max_size ssl_verify_client ssl_verify_depth ssl_prefer_server_ciphers ssl_session_cache ssl_session_tickets ssl_session_timeout ssl_stapling ssl_stapling_verify ssl_early_data ssl_buffer_size ssl_reject_handshake ssl_preread proxy_ssl proxy_ssl_verify proxy_ssl_server_name resolver_timeout user server")
  forms("name", "limit_conn zone proxy_cache log_format")
  forms("file", "include load_module pid ssl_certificate ssl_certificate_key ssl_trusted_certificate ssl_client_certificate ssl_crl ssl_dhparam ssl_session_ticket_key ssl_stapling_file proxy_ssl_trusted_certificate")
  forms("log", "access_log error_log")
  forms("cipher", "ssl_protocols ssl_ciphers ssl_ecdh_curve ssl_conf_command proxy_ssl_protocols")
  forms("host", "server_name upstream proxy_ssl_name")
  forms("server", "resolver")
  forms("listen", "listen allow deny set_real_ip_from")
  formof["upstream server"] = "server"
  forms("address", "proxy_pass grpc_pass fastcgi_pass uwsgi_pass scgi_pass proxy_redirect error_page try_files auth_request mirror index")
  forms("location", "location")
  forms("rewrite", "rewrite")
  forms("mime", "default_type gzip_types")
  forms("return", "return")
  forms("set", "set")
  forms("if", "if")
  forms("header", "add_header proxy_set_header grpc_set_header")
  forms("headers", "real_ip_header proxy_hide_header proxy_pass_header proxy_ignore_headers more_clear_headers")
  forms("none", "root alias auth_basic_user_file env fastcgi_param secure_link secure_link_md5 secure_link_secret sub_filter js_import js_var js_content more_set_headers modsecurity modsecurity_rules modsecurity_rules_file proxy_cookie_path proxy_cookie_domain proxy_cookie_flags proxy_temp_path proxy_cache_path proxy_cache_key fastcgi_temp_path uwsgi_temp_path scgi_temp_path client_body_temp_path open_file_cache add_trailer auth_jwt auth_jwt_key_file ssl_password_file proxy_ssl_certificate proxy_ssl_certificate_key perl_set content_by_lua_block access_by_lua_block")
  nt = depth = nginxbad = 0
  pending = quote = part = nginxline = ""
  split("", block)
}
function nginx_text(t,  p) { # puts the lines that are complete
  nginxline = nginxline t
  while ((p = index(nginxline, "\n")) > 0) { put(substr(nginxline, 1, p - 1)); nginxline = substr(nginxline, p + 1) }
}
function nginx_line(s,  c) {
  if (length(s) > 65536) nginxbad = 1 # nobody writes such a line, and reading it would take for ever
  if (nginxbad) { fstatus = "failed"; return }
  if (quote == "" && nt == 0 && depth == 0 && s ~ /^# configuration file [^\001-\037]*:$/) { nginx_text(pending s "\n"); pending = ""; return }
  for (;;) {
    if (quote != "") {
      if (!match(s, quote == "\"" ? "[\\\\\"]" : "[\\\\\047]")) { part = part s "\n"; break }
      c = substr(s, RSTART, 1)
      if (c == "\\") { part = part substr(s, 1, RSTART + 1); s = substr(s, RSTART + 2); continue }
      part = part substr(s, 1, RSTART)
      s = substr(s, RSTART + 1)
      quote = ""
      word_end(part)
    }
    if (match(s, /^[ \t\r]+/)) { if (pending == "" || pending ~ /\n$/) pending = pending substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1) }
    if (s == "") { pending = pending "\n"; break }
    c = substr(s, 1, 1)
    if (c == "#") { pending = pending "\n"; break }
    if (c == ";" || c == "{" || c == "}") { if (nt > 0 && pending !~ /\n/) pending = ""; done(c); s = substr(s, 2); continue }
    if (c == "\"" || c == "\047") { quote = c; part = c; s = substr(s, 2); continue }
    if (!match(s, /^(\\.|[$][{]|[^ \t\r;{\\])+/)) RLENGTH = 1
    word_end(substr(s, 1, RLENGTH))
    s = substr(s, RLENGTH + 1)
  }
}
function nginx_end() { if (nginxline != "") put(nginxline) }

BEGIN {
  split("postgres redis-server redis nginx minio server node npm start serve run sh bash yes no on off everysec always tunnel cloudflared gotrue auth", f, " ")
  for (i in f) word[f[i]] = 1
  word["daemon off;"] = 1
  while ((getline line) > 0) {
    n = split(line, h, " ")
    if (h[1] != "FKIN" || n != 7) continue
    what = h[2]
    left = h[7]
    begin(h[3], h[4], h[5], h[6])
    if (what == "nginx") { nginx_begin(); nginxfirst = 1 }
    if (what == "env") { en = 0; split("", ev); split("", tainted); efirst = 1; ebehind = 0 }
    if (what == "rendered") { jd = jbad = rn = 0; jkind[0] = ""; jwant[0] = 1; split("", realname); split("", entry) }
    while (left > 0 && (getline line) > 0) {
      left -= length(line) + 1
      if (what == "nonce") { nonce = line; total = h[5] + 0; left = 0 }
      else if (what == "known") { if (line != "") known[line] = 1 }
      else if (what == "allow") {
        m = split(line, f, " ")
        for (i = 1; i <= m; i++) {
          if (f[i] !~ /\*/) { allow[f[i]] = 1; continue }
          k = index(f[i], "*")
          starhead[++nstar] = substr(f[i], 1, k - 1)
          startail[nstar] = substr(f[i], k + 1)
        }
      }
      else if (what == "images") image_line(line)
      else if (what == "containers") { learn(line); if (line ~ /^container\t/) cfirst[cn] = ln + 1; cline[++ln] = line; clast[cn] = ln }
      else if (what == "env") {
        if (efirst) { efirst = 0; efile = line }
        else if (line == "FK-COMPOSE " nonce) ebehind = 1
        else { if (!ebehind) eline[++en] = line; uses_line(line, !ebehind) }
      }
      else if (what == "rendered") rendered_line(line)
      else if (what == "nginx") { if (nginxfirst) { nginxfirst = 0; put(line) } else nginx_line(line) }
    }
    if (what == "containers") container_end()
    else if (what == "env") env_end()
    else if (what == "rendered") rendered_end()
    else if (what == "nginx") nginx_end()
    else continue
    finish()
  }
}
'
# fk_feed KIND ID STATUS RC MS TEXT: one more text for the redactor.
fk_feed() {
  fk_in=$fk_in"FKIN $1 $2 $3 $4 $5 $((${#6} + 1))$fk_nl$6$fk_nl"
}

# fk_nginx ID: what `nginx -T` gave (fk_out, fk_rc), for the redactor behind a line with its exit status.
fk_nginx() {
  fk_judge
  case $fk_status in
    missing | timeout) fk_frame "$1" "$fk_status" "$fk_rc" "$fk_ms" '' ;;
    *)
      fk_fed="$fk_fed $1"
      fk_feed nginx "$1" "$fk_status" "$fk_rc" "$fk_ms" "# test $fk_rc$fk_nl$fk_out"
      ;;
  esac
}

# The sections that the redactor prints.
fk_redact() {
  [ -n "$fk_fed" ] || return 0
  fk_texts=$fk_in
  fk_in=
  fk_feed nonce - - "$fk_total" 0 "$FK_NONCE"
  fk_feed known - - 0 0 "$fk_known"
  fk_feed allow - - 0 0 "$fk_allow"
  if printf '%s%s' "$fk_in" "$fk_texts" | awk "$fk_awk_lib$fk_awk_redact"; then
    for fk_id in $fk_fed; do fk_frames=$((fk_frames + 1)); done
  else
    for fk_id in $fk_fed; do fk_frame "$fk_id" failed 1 0 ''; done
  fi
}

# ---- Sections of the host ---------------------------------------------------------------------------------------
fk_host() {
  fk_line=$(id)
  fk_uid=${fk_line#uid=}
  fk_uid=${fk_uid%%[!0-9]*}
  fk_user=${fk_line#*\(}
  fk_user=${fk_user%%\)*}
  case $fk_user in *[!A-Za-z0-9._@-]*) fk_user= ;; esac
  fk_clock
  fk_start=$fk_now
  fk_epoch=$(date +%s)
  fk_body="collector	$fk_version${fk_nl}uid	$fk_uid${fk_nl}user	$fk_user"
  fk_first /proc/sys/kernel/hostname
  fk_body="$fk_body${fk_nl}host	$fk_line"
  fk_first /etc/machine-id
  fk_body="$fk_body${fk_nl}machineid	$fk_line${fk_nl}epoch	$fk_epoch"
  fk_first /proc/sys/kernel/osrelease
  fk_body="$fk_body${fk_nl}kernel	$fk_line"
  fk_first /proc/sys/kernel/random/boot_id
  fk_clock
  fk_frame meta ok 0 $(((fk_now - fk_start) * 10)) "$fk_body${fk_nl}bootid	$fk_line$fk_nl"

  if fk_slurp /etc/os-release; then fk_frame os ok 0 0 "$fk_out"; else fk_frame os missing 1 0 ''; fi
  fk_tool listening 0 user ss -H -l -n -t -u -p
  fk_sockets=$fk_out
  fk_tool addresses 0 user ip -o addr show
  fk_tool nft 10 root nft -j list ruleset
  for fk_four in iptables ip6tables; do
    fk_tool "$fk_four" 0 root "$fk_four-save"
    # The legacy tool is asked only where the kernel has legacy tables: asking loads modules otherwise. Where it has
    # some, a missing tool says so: others can have made them (docker from a snap brings a tool of its own).
    fk_line=
    fk_names=/proc/net/ip_tables_names
    [ "$fk_four" = iptables ] || fk_names=/proc/net/ip6_tables_names
    if [ "$fk_uid" = 0 ] && [ -r "$fk_names" ]; then read -r fk_line <"$fk_names"; fi
    if [ "$fk_uid" = 0 ] && [ -z "$fk_line" ]; then
      fk_frame "$fk_four-legacy" ok 0 0 ''
    else
      fk_tool "$fk_four-legacy" 0 root "$fk_four-legacy-save"
    fi
  done
  fk_rc=99
  if [ "$fk_uid" = 0 ] && [ ! -e /run/ufw.lock ] && command -v ufw >/dev/null 2>&1 && command -v unshare >/dev/null 2>&1; then
    # ufw would leave an empty lock file here: let it have one of its own in a mount namespace that ends with it.
    fk_run 15 unshare -m sh -c 'mount -t tmpfs tmpfs /run || exit; echo ufw; exec ufw status verbose'
    case $fk_out in
      "ufw$fk_nl"*) fk_out=${fk_out#"ufw$fk_nl"} ;;
      *) [ "$fk_rc" = 124 ] || fk_rc=99 ;; # no namespace to be had
    esac
  fi
  if [ "$fk_rc" = 99 ]; then fk_tool ufw 15 root ufw status verbose; else fk_send ufw; fi
  fk_host_nginx
}

# Is process fk_pid one of ours, and not one in a container?
fk_same_root() {
  # shellcheck disable=SC3013 # dash, bash and busybox have -ef
  [ "/proc/$fk_pid/root/." -ef /. ]
}

# fk_is_nginx PID: is it nginx, and started by root? Anybody may give his process that name.
fk_is_nginx() {
  fk_pid=$1
  fk_name=
  [ -r "/proc/$1/status" ] || return 1
  # shellcheck disable=SC2034
  while read -r fk_key fk_x fk_y; do
    case $fk_key in
      Name:) fk_name=$fk_x ;;
      Uid:) break ;;
    esac
  done <"/proc/$1/status"
  [ "$fk_name" = nginx ] || return 1
  if [ "$fk_x" != 0 ]; then
    fk_foreign=1
    return 1
  fi
}

# fk_find_nginx: its process in fk_pid, by its own file, else by the sockets.
fk_find_nginx() {
  fk_foreign=0
  fk_line=
  if [ -r /run/nginx.pid ]; then read -r fk_line </run/nginx.pid; fi
  case $fk_line in '' | *[!0-9]*) ;; *) if fk_is_nginx "$fk_line"; then return 0; fi ;; esac
  fk_rest=$fk_sockets
  while :; do
    case $fk_rest in *'("nginx",pid='*) ;; *) return 1 ;; esac
    fk_rest=${fk_rest#*'("nginx",pid='}
    if fk_is_nginx "${fk_rest%%[!0-9]*}" && fk_same_root; then return 0; fi
  done
}

# nginx -T of the host, only while it runs here: asked when stopped, nginx would leave an empty pid file.
fk_host_nginx() {
  if ! command -v nginx >/dev/null 2>&1; then
    fk_frame nginx-host missing 127 0 ''
  elif ! fk_find_nginx; then
    # One that an ordinary user started is not asked for with root's rights.
    fk_word=missing
    [ "$fk_foreign" = 0 ] || fk_word=denied
    fk_frame nginx-host "$fk_word" 127 0 ''
  elif [ "$fk_uid" != 0 ]; then
    fk_frame nginx-host denied 1 0 ''
  elif ! fk_same_root; then
    fk_frame nginx-host missing 127 0 ''
  else
    fk_run 10 nginx -T
    fk_nginx nginx-host
  fi
}

# ---- Docker -----------------------------------------------------------------------------------------------------
# fk_setting NAME: a true/false key of /etc/docker/daemon.json or an option of dockerd, in fk_word; else empty.
fk_setting() {
  fk_word=
  case $fk_daemon in
    *"\"$1\""*)
      fk_word=${fk_daemon#*"\"$1\""}
      fk_word=${fk_word#"${fk_word%%[!: ]*}"}
      case $fk_word in true*) fk_word=true ;; false*) fk_word=false ;; *) fk_word= ;; esac
      ;;
  esac
  case $fk_argv in
    *"$fk_nl--$1$fk_nl"*) fk_word=true ;;
    *"$fk_nl--$1="*)
      fk_word=${fk_argv##*"$fk_nl--$1="}
      case ${fk_word%%"$fk_nl"*} in
        1 | t | T | true | TRUE | True) fk_word=true ;;
        0 | f | F | false | FALSE | False) fk_word=false ;;
        *) fk_word= ;;
      esac
      ;;
  esac
}

fk_docker() {
  fk_server=
  if ! command -v docker >/dev/null 2>&1; then
    fk_nodocker missing 127
    return
  fi
  fk_format='{{.ServerVersion}}
{{.DockerRootDir}}
{{range .SecurityOptions}}{{.}} {{end}}
{{if .Swarm}}{{.Swarm.LocalNodeState}}{{end}}'
  fk_run 15 docker info --format "$fk_format"'
{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Version}}{{end}}{{end}}'
  # Before 19.03 there was no such field.
  case $fk_rc in 0 | 124) ;; *) fk_run 15 docker info --format "$fk_format" ;; esac
  if [ "$fk_rc" != 0 ] || [ -z "${fk_out%%"$fk_nl"*}" ]; then
    fk_judge
    [ "$fk_status" != ok ] || fk_status=failed
    if [ "$fk_status" = failed ]; then
      fk_out=$(docker version 2>&1)
      case $fk_out in *[Pp]'ermission denied'*) fk_status=denied ;; esac
    fi
    [ "$fk_rc" != 0 ] || fk_rc=1
    fk_nodocker "$fk_status" "$fk_rc"
    return
  fi
  fk_info=$fk_out
  fk_took=$fk_ms
  fk_server=${fk_info%%"$fk_nl"*}
  fk_info=${fk_info#*"$fk_nl"}
  fk_root=${fk_info%%"$fk_nl"*}
  fk_info=${fk_info#*"$fk_nl"}
  fk_options=${fk_info%%"$fk_nl"*}
  fk_info=${fk_info#*"$fk_nl"}$fk_nl
  fk_swarm=0
  case $fk_info in active* | locked*) fk_swarm=1 ;; esac
  fk_info=${fk_info#*"$fk_nl"}
  fk_compose=${fk_info%%"$fk_nl"*}
  fk_rootless=0
  case $fk_options in *name=rootless*) fk_rootless=1 ;; esac
  fk_podman=0
  fk_composer='docker compose'
  if [ -z "$fk_compose" ]; then
    fk_run 15 docker compose version --short
    if [ "$fk_rc" = 0 ]; then
      fk_compose=${fk_out%%"$fk_nl"*}
    else
      fk_composer=
      fk_out=
      if command -v docker-compose >/dev/null 2>&1; then fk_run 15 docker-compose version --short; fi
      case $fk_out in
        2.* | v2.* | [3-9].* | v[3-9].*)
          fk_compose=${fk_out%%"$fk_nl"*}
          fk_composer=docker-compose
          ;;
      esac
    fi
  fi
  fk_compose=${fk_compose#v}
  case $fk_compose in *[!A-Za-z0-9.+~-]*) fk_compose= ;; esac
  case $fk_server in *podman*) fk_podman=1 ;; esac
  if command -v podman >/dev/null 2>&1 && [ -L "$(command -v docker)" ]; then fk_podman=1; fi

  # The defaults are known only where we can see how the daemon was started.
  fk_daemon=
  fk_argv=
  fk_pid=
  fk_known_daemon=0
  if [ -r /etc/docker/daemon.json ]; then
    fk_slurp /etc/docker/daemon.json
    fk_daemon=$fk_out
    if [ "${#fk_daemon}" -gt 65536 ]; then fk_daemon=; fi
  fi
  if [ -r /run/docker.pid ]; then read -r fk_pid </run/docker.pid; fi
  case $fk_pid in
    '' | *[!0-9]*) ;;
    *)
      if [ -r "/proc/$fk_pid/cmdline" ]; then
        fk_known_daemon=1
        IFS= read -r fk_argv <"/proc/$fk_pid/cmdline" 2>/dev/null
        # The shell drops the NULs between arguments; they are asked for only where an option of ours may be among them.
        case $fk_argv in
          *--userland-proxy* | *--ip6tables*) fk_argv=$fk_nl$(tr '\0' '\n' <"/proc/$fk_pid/cmdline")$fk_nl ;;
          *) fk_argv= ;;
        esac
      fi
      ;;
  esac
  fk_setting userland-proxy
  if [ -z "$fk_word" ] && [ "$fk_known_daemon" = 1 ]; then fk_word=true; fi
  fk_proxy=$fk_word
  fk_setting ip6tables
  if [ -z "$fk_word" ] && [ "$fk_known_daemon" = 1 ]; then
    fk_word=false # switched on by itself since 27
    fk_major=${fk_server%%.*}
    case $fk_major in '' | *[!0-9]*) fk_word= ;; *) if [ "$fk_major" -ge 27 ]; then fk_word=true; fi ;; esac
  fi
  fk_body="server	$fk_server${fk_nl}compose	$fk_compose${fk_nl}root	$fk_root${fk_nl}rootless	$fk_rootless"
  fk_body="$fk_body${fk_nl}swarm	$fk_swarm${fk_nl}podman	$fk_podman$fk_nl"
  [ -z "$fk_proxy" ] || fk_body="${fk_body}userlandproxy	$fk_proxy$fk_nl"
  [ -z "$fk_word" ] || fk_body="${fk_body}ip6tables	$fk_word$fk_nl"
  fk_frame docker ok 0 "$fk_took" "$fk_body"

  fk_listed 15 'docker network ls -q' docker network inspect --format 'network	{{.Name}}	{{.Driver}}	{{with index .Options "com.docker.network.bridge.name"}}{{.}}{{else}}{{if eq .Driver "bridge"}}br-{{slice .ID 0 12}}{{end}}{{end}}	{{if .Internal}}1{{else}}0{{end}}	{{range $i, $c := .IPAM.Config}}{{if $i}},{{end}}{{$c.Subnet}}{{end}}'
  fk_send networks
  fk_containers
}

# fk_listed SECONDS LISTING COMMAND...: the command with all that the listing names, under one limit.
fk_listed() {
  fk_limit=$1
  fk_list=$2
  shift 2
  fk_run "$fk_limit" sh -c "fk_ids=\$($fk_list) || exit
    [ -z \"\$fk_ids\" ] || exec \"\$@\" \$fk_ids" sh "$@"
}

# Every section that needs docker, with one reason.
fk_nodocker() {
  for fk_id in docker networks deployments containers; do fk_frame "$fk_id" "$1" "$2" 0 ''; done
}

# fk_next VARIABLE: takes the next line off fk_plan.
fk_next() {
  eval "$1=\${fk_plan%%\"\$fk_nl\"*}"
  fk_plan=${fk_plan#*"$fk_nl"}
}

fk_containers() {
  # All is printed by the template as JSON strings on lines of its own; a container that vanishes meanwhile makes the
  # exit status 1 while the others are there.
  fk_listed 30 'docker ps -aq --no-trunc' docker inspect --type container --format 'container	{{json .ID}}
name	{{json .Name}}
image	{{json .Config.Image}}
imageid	{{json .Image}}
state	{{json .State.Status}}
health	{{with .State.Health}}{{json .Status}}{{end}}
started	{{json .State.StartedAt}}
restarts	{{json .RestartCount}}
policy	{{json .HostConfig.RestartPolicy.Name}}
netmode	{{json .HostConfig.NetworkMode}}
{{range $k, $v := .Config.Labels}}label	{{json $k}}	{{json $v}}
{{end}}{{range .Config.Env}}env	{{json .}}
{{end}}{{range .Config.Cmd}}cmd	{{json .}}
{{end}}{{range .Mounts}}mount	{{json .Type}}	{{json .Name}}	{{json .Source}}	{{json .Destination}}	{{json .RW}}
{{end}}{{range $p, $b := .NetworkSettings.Ports}}port	{{json $p}}	{{json $b}}
{{end}}{{range $p, $b := .HostConfig.PortBindings}}want	{{json $p}}	{{json $b}}
{{end}}{{range $n, $v := .NetworkSettings.Networks}}net	{{json $n}}	{{json $v.IPAddress}}	{{json $v.GlobalIPv6Address}}
{{end}}'
  if [ "$fk_rc" = 1 ] && [ -n "$fk_out" ]; then fk_rc=0; fi
  fk_judge
  fk_inspect=$fk_out
  fk_inspect_status=$fk_status
  fk_inspect_rc=$fk_rc
  fk_inspect_ms=$fk_ms
  if [ "$fk_status" != ok ]; then
    fk_frame deployments "$fk_status" "$fk_rc" "$fk_ms" ''
    fk_frame containers "$fk_status" "$fk_rc" "$fk_ms" ''
    return
  fi
  fk_plan=$(printf '%s' "$fk_inspect" | awk "$fk_awk_lib$fk_awk_plan")$fk_nl
  fk_next fk_count
  case $fk_count in '' | *[!0-9]*)
    fk_frame deployments failed 1 0 ''
    fk_frame containers failed 1 0 ''
    return
    ;;
  esac
  fk_n=0
  while [ "$fk_n" -lt "$fk_count" ]; do
    fk_n=$((fk_n + 1))
    for fk_what in project workdir files envfile kind nginx postgres gotrue door; do fk_next "fk_${fk_what}_$fk_n"; done
  done
  fk_next fk_images
  fk_frame deployments ok 0 "$fk_inspect_ms" "$fk_plan"

  # shellcheck disable=SC2086
  if [ -n "$fk_images" ]; then
    # A reference that resolves to nothing makes the exit status 1; the others are printed all the same.
    fk_run 15 docker image inspect --format 'image	{{json .ID}}
{{range .RepoTags}}tag	{{json .}}
{{end}}{{range .RepoDigests}}tag	{{json .}}
{{end}}{{if .Config}}{{range .Config.Env}}env	{{json .}}
{{end}}{{range .Config.Cmd}}cmd	{{json .}}
{{end}}{{end}}' $fk_images
    fk_feed images - - 0 0 "$fk_out"
  fi
  fk_feed containers containers "$fk_inspect_status" "$fk_inspect_rc" "$fk_inspect_ms" "$fk_inspect"
  fk_inspect=
  fk_fed="$fk_fed containers"
  fk_n=0
  while [ "$fk_n" -lt "$fk_count" ]; do
    fk_n=$((fk_n + 1))
    fk_deployment "$fk_n"
  done
}

# ---- Sections of one deployment -----------------------------------------------------------------------------------
# fk_owner: finds in fk_become how to act on the working directory, which we are in. Where a user can write it, a
# directory above it or, in a directory of root's, a file that compose reads, that user decides what stands there: then
# we act as that user, and a link which he laid there shows nothing that only root can read. With several such users
# there is nobody to act as. Returns 1 where it cannot be told or done, 2 with fk_why where too many can write.
fk_owner() {
  fk_become=
  fk_home=/
  fk_real=$fk_workdir
  [ "$fk_uid" = 0 ] || { fk_home=${HOME:-/}; return 0; }
  # The way up is taken from the directory that we hold, not by names that somebody could change meanwhile.
  set -- .
  fk_up=..
  fk_rest=$PWD
  while [ -n "$fk_rest" ]; do
    set -- "$@" "$fk_up"
    fk_up=../$fk_up
    fk_rest=${fk_rest%/*}
  done
  # shellcheck disable=SC3013 # dash, bash and busybox have -ef
  [ "$fk_up" -ef / ] || return 1
  fk_dirs=$#
  fk_rest=$fk_files,$fk_envfile,.env,compose.yaml,compose.yml,docker-compose.yml,docker-compose.yaml
  fk_rest=$fk_rest,compose.override.yaml,compose.override.yml,docker-compose.override.yml,docker-compose.override.yaml,
  while [ -n "$fk_rest" ]; do
    fk_x=${fk_rest%%,*}
    fk_rest=${fk_rest#*,}
    case $fk_x in "$fk_workdir"/*) fk_x=${fk_x#"$fk_workdir"/} ;; esac
    # Each directory on the way to the file, and the file.
    fk_way=
    while [ -n "$fk_x" ]; do
      fk_way=$fk_way${fk_x%%/*}
      if [ -n "$fk_way" ] && [ ! -e "$fk_way" ] && [ ! -L "$fk_way" ]; then break; fi
      [ -z "$fk_way" ] || set -- "$@" "$fk_way"
      fk_way=$fk_way/
      case $fk_x in */*) fk_x=${fk_x#*/} ;; *) fk_x= ;; esac
    done
  done
  fk_stats=$(stat -c '%u %g %a' -- "$@") || return 1
  fk_pick_user "$@" || return
  fk_way_to_act
}

# fk_pick_user PATHS...: from fk_stats, a line for each, the one user besides root who can write any of them: fk_o.
fk_pick_user() {
  fk_o=0
  fk_above=0
  fk_groups=
  fk_by_group=
  fk_at=$PWD
  fk_n0=0
  for fk_x in "$@"; do
    fk_line=${fk_stats%%"$fk_nl"*}
    fk_stats=${fk_stats#*"$fk_nl"}
    fk_n0=$((fk_n0 + 1))
    if [ "$fk_n0" -gt "$fk_dirs" ]; then
      [ "$fk_above" = 0 ] || break # whose the files are matters no more
      fk_at=$fk_x
    fi
    fk_u=${fk_line%% *}
    fk_mode=${fk_line##* }
    fk_line=${fk_line#* }
    fk_g=${fk_line% *}
    case $fk_u$fk_g$fk_mode in '' | *[!0-9]*) return 1 ;; esac
    fk_why=$fk_at
    [ -n "$fk_why" ] || fk_why=/
    case $fk_mode in # a link has mode 777
      *[2367]) return 2 ;;
      *[2367]?)
        fk_groups="$fk_groups $fk_g"
        fk_by_group=${fk_by_group:-$fk_why}
        ;;
    esac
    if [ "$fk_u" != 0 ] && [ "$fk_u" != "$fk_o" ]; then
      [ "$fk_o" = 0 ] || return 2
      fk_o=$fk_u
    fi
    [ "$fk_n0" -gt "$fk_dirs" ] || fk_above=$fk_o
    fk_at=${fk_at%/*}
  done
}

# fk_know_user: name, group and home of fk_o. Returns 2 where others are in a group that can write.
fk_know_user() {
  fk_name=
  fk_g=65534
  fk_why=$fk_by_group
  # shellcheck disable=SC2034
  while IFS=: read -r fk_login fk_x fk_u fk_gid fk_gecos fk_dir fk_x; do
    if [ -z "$fk_name" ] && [ "$fk_u" = "$fk_o" ]; then
      fk_name=$fk_login
      fk_g=$fk_gid
      fk_home=$fk_dir
    fi
    case " $fk_groups " in *" $fk_gid "*) [ "$fk_u" = "$fk_o" ] || [ "$fk_u" = 0 ] || return 2 ;; esac
  done </etc/passwd
  [ -n "$fk_groups" ] || return 0
  # Who is in one only by the directory service of a network is not seen here: no group of it will do.
  fk_local=" "
  while IFS=: read -r fk_login fk_x fk_gid fk_rest; do
    case " $fk_groups " in *" $fk_gid "*) ;; *) continue ;; esac
    fk_local="$fk_local$fk_gid "
    fk_rest=$fk_rest,
    while [ -n "$fk_rest" ]; do
      case ${fk_rest%%,*} in '' | root | "$fk_name") ;; *) return 2 ;; esac
      fk_rest=${fk_rest#*,}
    done
  done </etc/group
  for fk_x in $fk_groups; do
    case $fk_local in *" $fk_x "*) ;; *) return 2 ;; esac
  done
}

# fk_way_to_act: fk_become for fk_o.
fk_way_to_act() {
  fk_know_user || return
  if [ "$fk_o" = 0 ]; then
    fk_real=$PWD # not the name, which may lead over a link of somebody else's
    return 0
  fi
  case $fk_name in -* | *[!A-Za-z0-9._-]*) fk_name= ;; esac
  fk_become="setpriv --reuid=$fk_o --regid=$fk_g --clear-groups"
  [ -z "$fk_name" ] || fk_become="setpriv --reuid=$fk_o --regid=$fk_g --init-groups"
  # busybox has a setpriv that cannot change users; runuser and su come second because they write to the log.
  if [ -z "$fk_setpriv" ]; then
    fk_setpriv=0
    if command -v setpriv >/dev/null 2>&1 && setpriv --reuid="$fk_uid" true 2>/dev/null; then fk_setpriv=1; fi
  fi
  if [ "$fk_setpriv" = 1 ]; then
    return 0
  elif [ -z "$fk_name" ]; then
    return 1
  elif command -v runuser >/dev/null 2>&1; then
    fk_become="runuser -u $fk_name --"
  elif command -v su >/dev/null 2>&1; then
    fk_become=su
  else
    return 1
  fi
}

# fk_run_owner SECONDS COMMAND...
fk_run_owner() {
  fk_secs=$1
  shift
  # shellcheck disable=SC2086
  case $fk_become in
    su) set -- su -s /bin/sh -c 'exec "$0" "$@"' -- "$fk_name" "$@" ;;
    *) set -- $fk_become "$@" ;;
  esac
  fk_run "$fk_secs" "$@"
}

fk_deployment() {
  eval "fk_project=\$fk_project_$1 fk_workdir=\$fk_workdir_$1 fk_files=\$fk_files_$1 fk_envfile=\$fk_envfile_$1"
  eval "fk_kind=\$fk_kind_$1 fk_nginx=\$fk_nginx_$1 fk_postgres=\$fk_postgres_$1 fk_gotrue=\$fk_gotrue_$1 fk_door=\$fk_door_$1"
  case $fk_workdir in
    /*)
      if ! cd -P -- "$fk_workdir" 2>/dev/null; then
        fk_word=missing
        [ "$fk_uid" = 0 ] || fk_word=denied
        fk_frame "env@$1" "$fk_word" 1 0 ''
        fk_frame "rendered@$1" "$fk_word" 1 0 ''
      else
        fk_owner
        case $? in
          0)
            fk_env_file "$1"
            fk_rendered "$1"
            ;;
          2)
            case $fk_why in *[!A-Za-z0-9._/+@-]*) fk_why=unprintable ;; esac
            fk_frame "env@$1" denied 1 0 "writable	$fk_why$fk_nl"
            fk_frame "rendered@$1" denied 1 0 "writable	$fk_why$fk_nl"
            ;;
          *)
            fk_frame "env@$1" failed 1 0 ''
            fk_frame "rendered@$1" failed 1 0 ''
            ;;
        esac
      fi
      cd /
      ;;
    *)
      fk_frame "env@$1" missing 127 0 ''
      fk_frame "rendered@$1" missing 127 0 ''
      ;;
  esac
  fk_bundled_nginx "$1"
  fk_database "$1"
  fk_signin "$1"
}

# The `.env`, or the file given by --env-file (the last of several), and behind it the compose files that the containers
# were made from, in one go. Of a `.env` only a regular file is read, never a link.
fk_env_file() {
  fk_path=.env
  [ -z "$fk_envfile" ] || fk_path=${fk_envfile##*,}
  fk_place "$fk_path"
  fk_n0=$1
  set -- "$fk_x" "FK-COMPOSE $FK_NONCE"
  fk_rest=$fk_files
  while [ -n "$fk_rest" ]; do
    set -- "$@" "${fk_rest%%,*}"
    case $fk_rest in *,*) fk_rest=${fk_rest#*,} ;; *) fk_rest= ;; esac
  done
  fk_capped=1
  fk_run_owner 5 sh -c 'PATH=/usr/bin:/bin
    [ -e "$1" ] || [ -L "$1" ] || exit 3
    [ -f "$1" ] && [ ! -L "$1" ] || exit 4
    [ -r "$1" ] || exit 5
    stat -c "%a	%U" -- "$1" || exit 6
    head -c 262144 -- "$1" || exit 7
    echo
    echo "$2"
    shift 2
    for f in "$@"; do [ ! -f "$f" ] || [ ! -r "$f" ] || head -c 262144 -- "$f"; echo; done
    exit 0' sh "$@"
  set -- "$fk_n0"
  fk_capped=0
  fk_judge
  case $fk_rc in 3) fk_status=missing ;; 5) fk_status=denied ;; esac
  fk_env=$fk_out # the redactor parts it: a long text that is searched from far costs the shell its square
  if [ "$fk_status" != ok ]; then
    fk_frame "env@$1" "$fk_status" "$fk_rc" "$fk_ms" ''
    return
  fi
  case $fk_path in /*) ;; *) fk_path=$fk_workdir/$fk_path ;; esac
  fk_fed="$fk_fed env@$1"
  fk_line=${fk_env%%"$fk_nl"*}
  fk_env=${fk_env#*"$fk_nl"}
  case $fk_path in *\\*) fk_path=unprintable ;; esac
  fk_feed env "env@$1" ok 0 "$fk_ms" "file	$fk_path	$fk_line$fk_nl$fk_env"
}

# fk_place FILE: its name in fk_x, by the real directory where that is ours to look at.
fk_place() {
  fk_x=$1
  case $fk_x in "$fk_workdir"/*) fk_x=$fk_real/${fk_x#"$fk_workdir"/} ;; esac
}

# What compose makes of the directory, asked the way a person there would: its own choice of files, unless the
# containers were made from other files and no COMPOSE_FILE says so.
fk_rendered() {
  if [ -z "$fk_composer" ] || [ "$fk_kind" = swarm ]; then
    fk_frame "rendered@$1" missing 127 0 ''
    return
  fi
  # shellcheck disable=SC2086
  set -- "$1" $fk_composer --project-name "$fk_project"
  fk_n0=$1
  shift
  set -- env -i "PATH=$PATH" "HOME=$fk_home" "PWD=$fk_real" LC_ALL=C "$@"
  fk_rest=$fk_envfile
  while [ -n "$fk_rest" ]; do
    fk_place "${fk_rest%%,*}"
    set -- "$@" --env-file "$fk_x"
    case $fk_rest in *,*) fk_rest=${fk_rest#*,} ;; *) fk_rest= ;; esac
  done
  fk_own=1
  case $fk_files in
    '') ;;
    "$fk_workdir/compose.yaml" | "$fk_workdir/compose.yml") ;;
    "$fk_workdir/docker-compose.yml" | "$fk_workdir/docker-compose.yaml") ;;
    "$fk_workdir/docker-compose.yml,$fk_workdir/docker-compose.override.y"*ml) ;;
    "$fk_workdir/docker-compose.yaml,$fk_workdir/docker-compose.override.y"*ml) ;;
    "$fk_workdir/compose.yaml,$fk_workdir/compose.override.y"*ml) ;;
    "$fk_workdir/compose.yml,$fk_workdir/compose.override.y"*ml) ;;
    *) fk_own=0 ;;
  esac
  case $fk_nl$fk_env in *"${fk_nl}COMPOSE_FILE="* | *"${fk_nl}export COMPOSE_FILE="*) fk_own=1 ;; esac
  if [ "$fk_own" = 0 ]; then
    set -- "$@" --project-directory .
    fk_rest=$fk_files
    while [ -n "$fk_rest" ]; do
      fk_place "${fk_rest%%,*}"
      set -- "$@" -f "$fk_x"
      case $fk_rest in *,*) fk_rest=${fk_rest#*,} ;; *) fk_rest= ;; esac
    done
  fi
  fk_capped=1
  fk_run_owner 30 "$@" config --format json
  fk_capped=0
  fk_judge
  if [ "$fk_status" != ok ]; then
    fk_frame "rendered@$fk_n0" "$fk_status" "$fk_rc" "$fk_ms" ''
    return
  fi
  fk_fed="$fk_fed rendered@$fk_n0"
  fk_feed rendered "rendered@$fk_n0" ok "$fk_rc" "$fk_ms" "$fk_out"
}

# fk_in_container "ID STATE" SECONDS COMMAND...: docker exec with a cap, when the container runs.
# Returns 1 with fk_status set when there is nothing to ask.
fk_in_container() {
  fk_state=${1#* }
  fk_cid=${1%% *}
  if [ -z "$fk_cid" ]; then
    fk_status=missing
    fk_rc=127
    return 1
  fi
  if [ "$fk_state" != running ]; then
    fk_status=failed
    fk_rc=1
    return 1
  fi
  fk_secs=$2
  shift 2
  fk_capped=1
  fk_run "$fk_secs" docker exec -i "$fk_cid" "$@"
  fk_capped=0
  [ "$fk_rc" != 126 ] || fk_rc=127
  fk_judge
}

fk_bundled_nginx() {
  if fk_in_container "$fk_nginx" 10 nginx -T; then fk_nginx "nginx@$1"; else fk_frame "nginx@$1" "$fk_status" "$fk_rc" 0 ''; fi
}

# One psql session for three sections. User and database come from the container's own environment; the text is
# fixed. Lines are told apart by their first word; free text of the database never reaches a line.
#
# We are the superuser here, and whoever owns a table decides what runs when it is read: as a view it calls functions
# with our rights, and so does an index on an expression, while the planner looks at it. Nothing but the catalogue is
# read, therefore, and such plain tables as only superusers can change: `safe`. Names are looked up in pg_catalog alone.
fk_sql='\set QUIET 1
begin transaction read only;
select $$role|$$ || regexp_replace(rolname, $$[^A-Za-z0-9_.-]$$, $$_$$, $$g$$) || $$|$$ ||
  case when rolpassword is null then $$none$$ when rolpassword like $$SCRAM-SHA-256%$$ then $$scram-sha-256$$
  else $$md5$$ end || $$|$$ || rolsuper::int from pg_catalog.pg_authid where rolname = current_user;
select $$verifier|$$ || rolpassword from pg_catalog.pg_authid
  where rolname = current_user and rolpassword ~ $$^SCRAM-SHA-256[$][0-9]+:[A-Za-z0-9+/=]+[$][A-Za-z0-9+/=:]+$$;
select $$md5|$$ || bool_or(rolpassword = $$md5$$ || md5(word || rolname))::int
  from pg_catalog.pg_authid, unnest(string_to_array(btrim($$FACTORY$$, chr(10)), chr(10))) as word
  where rolname = current_user and rolpassword like $$md5%$$ group by rolname;
commit;
select $x$ c.relkind = $$r$$ and not c.relhasrules and not c.relhassubclass and not c.relispartition
  and (select rolsuper from pg_catalog.pg_roles where oid = c.relowner)
  and (select rolsuper from pg_catalog.pg_roles where oid = case
    when n.nspowner in (select oid from pg_catalog.pg_roles where rolname = $$pg_database_owner$$)
    then (select datdba from pg_catalog.pg_database where datname = current_database())
    else n.nspowner end)
  and not exists (select from pg_catalog.pg_index
    where indrelid = c.oid and (indexprs is not null or indpred is not null))
  and not exists (select from pg_catalog.pg_statistic_ext where stxrelid = c.oid) $x$ as safe,
  $x$ pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute k on k.attrelid = c.oid and k.attnum > 0 and not k.attisdropped $x$ as tables,
  $x$ c.relkind in ($$r$$, $$p$$) and n.nspname not in ($$pg_catalog$$, $$information_schema$$) $x$ as ours,
  false as mine, false as other \gset
begin transaction read only;
select coalesce(bool_or(:safe and k.atttypid in (25, 1043)), false) as mine,
  coalesce(bool_or(not (:safe) and r.rolcanlogin and not r.rolsuper), false) as other, min(r.rolname) as owner
  from :tables join pg_catalog.pg_roles r on r.oid = c.relowner
  where n.nspname = $$auth$$ and c.relname = $$schema_migrations$$ and k.attname = $$version$$ \gset
select $x$ select $$max|$$ || coalesce(max(regexp_replace(version, $$[^0-9]$$, $$$$, $$g$$)), $$$$) from only auth.schema_migrations;
select $$oldfork|$$ || count(*) from only auth.schema_migrations where version = $$20250425035447$$;
select $$newfork|$$ || count(*) from only auth.schema_migrations where version = $$20251107000000$$; $x$ as versions \gset
\if :mine
:versions
\endif
commit;
begin transaction read only;
select $$table|$$ || exists(select from :tables
  where :ours and (k.attname ~* $$white_?list$$ or c.relname ~* $$white_?list$$))::int;
select format($$select %L || coalesce(bool_or(%I)::int, 0) from only %I.%I$$, $$enabled|$$, k.attname, n.nspname, c.relname)
  from :tables where :ours and :safe and k.atttypid = 16
  and (k.attname ~* $$white_?list_?enabled|(sign_?up|registration).*white_?list|enable.*white_?list$$)
  limit 4 \gexec
select format($$select %L || (%I::text ~* %L)::int from only %I.%I where %I ~* %L limit 1$$, $$enabled|$$, v.attname,
  $$true|^"?(1|on)"?$$ || chr(36), n.nspname, c.relname, k.attname, $$white_?list_?enabled|enable.*white_?list$$)
  from :tables join pg_catalog.pg_attribute v on v.attrelid = c.oid
  where :ours and :safe and c.relname ~* $$setting|config|option$$
  and k.attname in ($$key$$, $$name$$, $$setting_key$$, $$config_key$$) and k.atttypid in (25, 1043)
  and v.attname in ($$value$$, $$setting_value$$, $$config_value$$) and v.atttypid in (16, 25, 114, 1043, 3802) limit 8 \gexec
commit;
select $$end|1$$;
\if :other
select $$other|1$$;
\connect - :"owner"
begin transaction read only;
:versions
commit;
\endif
'
# Compares a SCRAM verifier, which comes on stdin with the factory values behind it, with each of them.
fk_scram_python='
import base64, hashlib, hmac, sys
lines = sys.stdin.buffer.read().split(b"\n")
head, keys = lines[0].split(b"$")[1:3]
rounds, salt = head.split(b":")
stored = base64.b64decode(keys.split(b":")[0])
for word in lines[1:]:
    if word:
        salted = hashlib.pbkdf2_hmac("sha256", word, base64.b64decode(salt), min(int(rounds), 100000))
        client = hmac.new(salted, b"Client Key", "sha256").digest()
        if hashlib.sha256(client).digest() == stored:
            print(1)
            sys.exit()
print(0)
'
fk_scram_perl='
use strict; use MIME::Base64; use Digest::SHA qw(sha256 hmac_sha256);
chomp(my @lines = <STDIN>);
my (undef, $head, $keys) = split /\$/, shift @lines;
my ($rounds, $salt) = split /:/, $head;
my $stored = decode_base64((split /:/, $keys)[0]);
$rounds = 100000 if $rounds > 100000;
for my $word (grep { length } @lines) {
    my $u = hmac_sha256(decode_base64($salt) . pack("N", 1), $word);
    my $salted = $u;
    for (2 .. $rounds) { $u = hmac_sha256($u, $word); $salted ^= $u }
    if (sha256(hmac_sha256("Client Key", $salted)) eq $stored) { print "1\n"; exit }
}
print "0\n";
'
# The same with openssl 3 alone. Its arguments are public values and the row salt; the verifier stays in the shell.
fk_scram_openssl() {
  fk_head=${1#*\$}
  fk_stored=${fk_head#*\$}
  fk_stored=${fk_stored%%:*}
  fk_head=${fk_head%%\$*}
  fk_salt=$(printf '%s\n' "${fk_head#*:}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
  for fk_try in $fk_known; do
    fk_salted=$(openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt "pass:$fk_try" -kdfopt "hexsalt:$fk_salt" \
      -kdfopt "iter:${fk_head%%:*}" -binary PBKDF2 | od -An -v -tx1 | tr -d ' \n') || return 1
    [ "${#fk_salted}" = 64 ] || return 1
    fk_made=$(printf 'Client Key' | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$fk_salted" -binary |
      openssl dgst -sha256 -binary | openssl base64 -A)
    if [ "$fk_made" = "$fk_stored" ]; then
      fk_out=1
      return 0
    fi
  done
  fk_out=0
}

# fk_scram VERIFIER: fk_out is 1, 0 or - (nothing here can compare).
fk_scram() {
  fk_out=
  if command -v python3 >/dev/null 2>&1; then
    fk_out=$(printf '%s\n%s\n' "$1" "$fk_known" | python3 -I -S -c "$fk_scram_python")
  fi
  if [ -z "$fk_out" ] && command -v perl >/dev/null 2>&1; then
    fk_out=$(printf '%s\n%s\n' "$1" "$fk_known" | perl -e "$fk_scram_perl")
  fi
  if [ -z "$fk_out" ] && command -v openssl >/dev/null 2>&1; then fk_scram_openssl "$1"; fi
  case $fk_out in 0 | 1) ;; *) fk_out=- ;; esac
}

# fk_answer WORD: what psql said behind WORD| in its first such line, in fk_word.
fk_answer() {
  fk_word=
  case $fk_nl$fk_rows in
    *"$fk_nl$1|"*)
      fk_word=$fk_nl$fk_rows
      fk_word=${fk_word#*"$fk_nl$1|"}
      fk_word=${fk_word%%"$fk_nl"*}
      return 0
      ;;
  esac
  return 1
}

fk_database() {
  fk_stdin=${fk_sql%%FACTORY*}${fk_known}${fk_sql#*FACTORY}
  # By these no setting of the database or of a role has a say.
  if ! fk_in_container "$fk_postgres" 20 sh -c 'export PGOPTIONS="-c search_path=pg_catalog,pg_temp \
-c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=2000 -c row_security=off"
exec psql -X -A -t -q -w -U "${POSTGRES_USER:-postgres}" -d "${POSTGRES_DB:-${POSTGRES_USER:-postgres}}"'; then
    fk_out=
    fk_ms=0
  fi
  fk_stdin=
  fk_rows=$fk_out
  fk_out=
  # A long answer is not ours, and the shell would take for ever to search it.
  if [ "${#fk_rows}" -gt 65536 ]; then
    fk_rows=
    fk_status=failed
    fk_rc=1
  fi
  # What ends after this line is the attempt to ask as the owner of the table.
  if [ "$fk_rc" = 2 ] && fk_answer end; then fk_status=ok; fi
  if [ "$fk_status" != ok ]; then
    for fk_id in gotrue-schema db-role whitelist; do fk_frame "$fk_id@$1" "$fk_status" "$fk_rc" "$fk_ms" ''; done
    return
  fi
  if fk_answer max; then
    fk_body="max	$fk_word$fk_nl"
    fk_answer oldfork
    fk_body="${fk_body}oldfork	$fk_word$fk_nl"
    fk_answer newfork
    fk_frame "gotrue-schema@$1" ok 0 "$fk_ms" "${fk_body}newfork	$fk_word$fk_nl"
  else
    fk_word=failed
    case $fk_nl$fk_rows in *"${fk_nl}other|"*) fk_word=denied ;; esac
    fk_frame "gotrue-schema@$1" "$fk_word" 1 "$fk_ms" ''
  fi

  if fk_answer role; then
    fk_method=${fk_word#*\|}
    fk_body="role	${fk_word%%\|*}	${fk_method%%\|*}	${fk_method#*\|}$fk_nl"
    fk_took=$fk_ms
    fk_out=-
    if fk_answer verifier; then
      fk_scram "$fk_word"
    elif fk_answer md5; then
      fk_out=$fk_word
    elif [ "${fk_method%%\|*}" = none ]; then
      fk_out=0
    fi
    fk_frame "db-role@$1" ok 0 "$fk_took" "${fk_body}factory	$fk_out$fk_nl"
  else
    fk_frame "db-role@$1" denied 1 "$fk_ms" '' # only a superuser reads the roles' verifiers
  fi

  if fk_answer end; then
    fk_table=0
    if fk_answer table; then fk_table=$fk_word; fi
    fk_body=
    if fk_answer enabled; then
      fk_table=1
      fk_body="enabled	$fk_word$fk_nl"
    fi
    fk_frame "whitelist@$1" ok 0 "$fk_ms" "table	$fk_table$fk_nl$fk_body"
  else
    fk_frame "whitelist@$1" failed 1 "$fk_ms" ''
  fi
  fk_rows=
}

# Two requests to the sign-in server by one curl, from the host to the container's address, else from inside the
# container. The bodies travel as they are.
# The second is a sign-up that can create nobody: an e-mail address and a telephone number together are refused
# whatever the policy says, and the password, one blank, is judged before that.
fk_signin() {
  fk_ms=0
  fk_out=
  fk_rc=127
  case $fk_gotrue in
    '') fk_status=missing ;;
    *' running')
      fk_capped=1
      case $fk_door in
        :*) ;;
        *) if command -v curl >/dev/null 2>&1; then fk_curl "http://$fk_door" fk_run 0; fi ;;
      esac
      [ "$fk_rc" = 0 ] || fk_curl "http://127.0.0.1:${fk_door##*:}" fk_in_container "$fk_gotrue" 12
      fk_capped=0
      fk_judge
      [ "$fk_rc" != 28 ] || fk_status=timeout
      ;;
    *)
      fk_status=failed
      fk_rc=1
      ;;
  esac
  # A long answer is not ours, and the shell would take for ever to search it.
  if [ "${#fk_out}" -gt 16384 ]; then
    fk_status=failed
    fk_out=
  fi
  # curl stops at the first request that fails: where there is a second answer, the first one is whole.
  fk_second=
  case $fk_out in
    *" FK-NEXT$fk_nl"*)
      fk_second=${fk_out#*" FK-NEXT$fk_nl"}
      fk_out=${fk_out%%" FK-NEXT$fk_nl"*}
      ;;
    *) fk_out= ;;
  esac
  fk_last=$fk_status
  [ -z "$fk_second" ] || fk_status=ok
  fk_answered "gotrue-settings@$1" "$fk_status" "$fk_out"
  fk_answered "password-probe@$1" "$fk_last" "$fk_second"
}

# fk_curl URL COMMAND...: the command with curl's arguments behind it.
fk_curl() {
  fk_url=$1
  shift
  "$@" curl -q -s -m 5 --fail-early --noproxy '*' -w '\n%{http_code} FK-NEXT\n' "$fk_url/settings" \
    --next -s -m 5 --noproxy '*' -w '\n%{http_code}' -X POST -H 'Content-Type: application/json' \
    -d '{"email":"probe@example.invalid","phone":"15005550006","password":" "}' "$fk_url/signup"
}

# fk_answered ID STATUS ANSWER: the body, and behind its last line end the status of HTTP.
fk_answered() {
  fk_out=
  if [ "$2" = ok ] && [ -n "$3" ]; then
    fk_out="http	${3##*"$fk_nl"}$fk_nl${3%"$fk_nl"*}"
    fk_frame "$1" ok 0 "$fk_ms" "$fk_out"
  elif [ "$2" = ok ]; then
    fk_frame "$1" failed 1 "$fk_ms" ''
  else
    fk_frame "$1" "$2" "$fk_rc" "$fk_ms" ''
  fi
}

# ---- The whole ----------------------------------------------------------------------------------------------------
fk_all() {
  trap 'fk_over=1' TERM
  read -r fk_me fk_rest </proc/self/stat
  printf '%s\n' "$fk_me" >&9
  fk_host
  fk_docker
  fk_redact
  printf 'FK1 %s END %s 0 0 0 0\n' "$FK_NONCE" "$fk_frames"
}

# The watchdog. Its stdin is a pipe that ends when the last process of ours has ended, however that happens, so it
# never outlives them. It ends them when 60 seconds are over, and when nobody listens any more.
fk_watch() {
  exec 6<&0
  read -r fk_me <&6 || return 0
  fk_ear=
  if [ "${FK_HELD:-}" = 1 ]; then
    fk_listen <&7 &
    fk_ear=$!
  fi
  exec 7<&-
  timeout 60 cat <&6
  case $? in 124 | 143) fk_finish ;; esac
  [ -z "$fk_ear" ] || kill "$fk_ear" 2>/dev/null
  return 0
}

# Our client holds our stdin open while it listens. Nothing else tells of its end: a shell that waits does not write,
# so that it meets no closed pipe, and sudo without a terminal passes no SIGHUP on.
fk_listen() {
  while read -r fk_x; do :; done
  fk_finish
}

# Asks all of ours to end; the sections that are left then say timeout. Who is still there after five seconds is
# killed, and who comes of it then as well.
fk_finish() {
  fk_end TERM
  for fk_x in 1 2 3; do
    timeout 5 cat <&6
    case $? in 124 | 143) fk_end KILL ;; *) return 0 ;; esac
  done
}

# fk_end SIGNAL: to the collecting shell, to all its descendants, and to those whom the death of a parent has cut off
# from it: they still hold our pipe, as their descriptor 9.
fk_end() {
  set +f
  fk_tree=" $fk_me "
  fk_more=1
  while [ "$fk_more" = 1 ]; do
    fk_more=0
    for fk_x in /proc/[0-9]*; do
      fk_pid=${fk_x#/proc/}
      case $fk_tree in *" $fk_pid "*) continue ;; esac
      fk_line=
      { read -r fk_line <"$fk_x/stat"; } 2>/dev/null || continue
      fk_line=${fk_line##*) }
      fk_line=${fk_line#* }
      fk_ours=0
      case $fk_tree in *" ${fk_line%% *} "*) fk_ours=1 ;; esac
      # shellcheck disable=SC3013 # dash, bash and busybox have -ef
      if [ "$fk_ours" = 1 ] || [ "$fk_x/fd/9" -ef /proc/self/fd/6 ]; then
        fk_tree="$fk_tree$fk_pid "
        fk_more=1
      fi
    done
  done
  set -f
  for fk_pid in $fk_tree; do kill -s "$1" "$fk_pid" 2>/dev/null; done
}

case ${FK_NONCE:-} in
  '') # run by hand
    read -r FK_NONCE </proc/sys/kernel/random/uuid
    while :; do
      case $FK_NONCE in *-*) FK_NONCE=${FK_NONCE%%-*}${FK_NONCE#*-} ;; *) break ;; esac
    done
    ;;
  *[!0-9a-f]*) exit 2 ;;
esac
# Without it nothing could be kept from running for ever.
command -v timeout >/dev/null 2>&1 || { echo 'timeout: not found' >&2; exit 127; }
fk_total=0
fk_frames=0
fk_over=0
fk_stdin=
fk_setpriv=
fk_env=
fk_in=
fk_fed=
fk_out=
cd /
renice -n 10 -p $$ >/dev/null 2>&1
exec 7<&0 8>&1
fk_all </dev/null 7<&- 9>&1 >&8 8>&- 2>/dev/null | fk_watch 8>&- >/dev/null 2>&1
exit
}
fk_main
