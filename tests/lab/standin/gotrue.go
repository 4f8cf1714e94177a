package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// The tables that audits read, and the migration numbers by which a line of GoTrue is told from another.
const authSchema = `create schema if not exists auth;
create extension if not exists pgcrypto with schema public;
create table if not exists auth.schema_migrations (version varchar(14) primary key);
create table if not exists auth.users (id uuid primary key default gen_random_uuid(), email varchar(255) unique,
    role varchar(255), encrypted_password varchar(255), email_confirmed_at timestamptz, created_at timestamptz default now(),
    is_non_default_password boolean default false);
create table if not exists auth.audit_log_entries (id uuid primary key default gen_random_uuid(), payload json,
    created_at timestamptz default now(), ip_address varchar(64) not null default '');`

var migrations = map[string][]string{
	oldFork: {"20240802193726", "20240806073726", "20250425035447"},
	newFork: {"20240612123726", "20240802193726", "20240806073726", "20241009103726", "20250717082212", "20250731150234",
		"20250804100000", "20250925093508", "20251007112900", "20251107000000"},
	upstream: {"20240612123726", "20240802193726", "20240806073726", "20241009103726", "20250717082212", "20250731150234",
		"20250804100000", "20250925093508", "20251007112900"},
}

type gotrue struct {
	config   *gotrueConfig
	database *database
}

// runGotrue knows the three calls of the image's start script: migrate, admin createuser, and none (serve).
func runGotrue(arguments []string) error {
	service := &gotrue{config: loadGotrueConfig()}
	var err error
	if service.database, err = openDatabase(os.Getenv("DATABASE_URL")); err != nil {
		return err
	}
	switch {
	case len(arguments) == 1 && arguments[0] == "migrate":
		rows := strings.Join(migrations[service.config.line], "'),('")
		return service.database.prepare(authSchema + "insert into auth.schema_migrations values ('" + rows + "') on conflict do nothing;")
	case len(arguments) == 6 && arguments[0] == "admin" && arguments[1] == "createuser":
		return service.createUser(arguments[4], arguments[5], service.config.adminRole)
	case len(arguments) == 0:
		fmt.Fprintf(os.Stderr, "{\"level\":\"info\",\"msg\":\"GoTrue API started on: :%s\"}\n", environment("PORT", "8081"))
		return http.ListenAndServe(":"+environment("PORT", "8081"), service)
	}
	return fmt.Errorf("gotrue: unknown call %q", arguments)
}

func (g *gotrue) createUser(email, password, role string) error {
	_, err := g.database.query(`insert into auth.users (email, role, encrypted_password, email_confirmed_at)
		values (lower(:'email'), :'role', public.crypt(:'password', public.gen_salt('bf')), now());`,
		"email", email, "role", role, "password", password)
	if err != nil && strings.Contains(err.Error(), "duplicate key") {
		return fmt.Errorf("user already exists")
	}
	return err
}

func (g *gotrue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("X-Gotrue-Standin", "1") // so that no recorded answer is taken for a real GoTrue's
	route := r.Method + " " + r.URL.Path
	switch {
	case route == "GET /health":
		answerJSON(w, 200, map[string]string{"version": "", "name": "GoTrue",
			"description": "GoTrue is a user registration and authentication API"})
	case route == "GET /settings":
		answerJSON(w, 200, g.settings())
	case route == "GET /.well-known/jwks.json":
		answerJSON(w, 200, map[string]any{"keys": []any{}})
	case route == "POST /signup":
		g.signUp(w, r)
	case strings.HasPrefix(r.URL.Path, "/admin/"):
		g.admin(w, r)
	default:
		g.refuse(w, &refusal{404, "not_found", "404 page not found"})
	}
}

func (g *gotrue) refuse(w http.ResponseWriter, why *refusal) {
	w.Header().Set("X-Sb-Error-Code", why.code)
	answerJSON(w, why.status, map[string]any{"code": why.status, "error_code": why.code, "msg": why.text})
}

func (g *gotrue) settings() map[string]any {
	external := map[string]bool{"phone": g.config.switches["GOTRUE_EXTERNAL_PHONE_ENABLED"],
		"anonymous_users": g.config.switches["GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED"]}
	enabled, given := g.config.switches["GOTRUE_EXTERNAL_EMAIL_ENABLED"]
	external["email"] = enabled || !given
	for _, provider := range providers {
		external[provider] = g.config.switches[providerSwitch(provider)]
	}
	settings := map[string]any{"external": external, "disable_signup": g.config.signupDisabled,
		"mailer_autoconfirm": g.config.autoconfirm, "phone_autoconfirm": false, "sms_provider": "",
		"saml_enabled": g.config.saml}
	if g.config.line == oldFork {
		settings["mfa_enabled"] = true
	}
	return settings
}

// signUp keeps the order of the real checks: strength comes before the rule "either e-mail or phone", which is why an
// audit can ask for the password rule without ever creating a user.
func (g *gotrue) signUp(w http.ResponseWriter, r *http.Request) {
	var given struct{ Email, Phone, Password string }
	if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
		g.refuse(w, &refusal{400, "bad_json", "Could not parse request body as JSON: " + err.Error()})
		return
	}
	reasons := g.config.weaknesses(given.Password)
	switch {
	case g.config.signupDisabled:
		g.refuse(w, &refusal{422, "signup_disabled", "Signups not allowed for this instance"})
	case given.Password == "":
		g.refuse(w, &refusal{400, "validation_failed", "Signup requires a valid password"})
	case len(given.Password) > 72:
		g.refuse(w, &refusal{400, "validation_failed", "Password cannot be longer than 72 characters"})
	case len(reasons) > 0:
		g.refuseWeak(w, reasons)
	case given.Email != "" && given.Phone != "":
		g.refuse(w, &refusal{400, "validation_failed", "Only an email address or phone number should be provided on signup."})
	case given.Email == "":
		g.refuse(w, &refusal{400, "validation_failed", "Unable to validate email address: invalid format"})
	default:
		if err := g.createUser(given.Email, given.Password, "authenticated"); err != nil {
			g.refuse(w, &refusal{422, "user_already_exists", "User already registered"})
			return
		}
		answerJSON(w, 200, map[string]any{"email": strings.ToLower(given.Email), "role": "authenticated"})
	}
}

func (g *gotrue) refuseWeak(w http.ResponseWriter, reasons []string) {
	texts := []string{}
	for _, reason := range reasons {
		if reason == "length" {
			texts = append(texts, fmt.Sprintf("Password should be at least %d characters.", g.config.minLength))
		} else {
			texts = append(texts, "Password should contain at least one character of each: "+strings.Join(g.config.characters, ", ")+".")
		}
	}
	weak := map[string]any{"reasons": reasons}
	if g.config.line != upstream {
		weak["min_length"], weak["required_characters"] = g.config.minLength, g.config.characters
	}
	w.Header().Set("X-Sb-Error-Code", "weak_password")
	answerJSON(w, 422, map[string]any{"code": 422, "error_code": "weak_password", "msg": strings.Join(texts, " "),
		"weak_password": weak})
}

func (g *gotrue) admin(w http.ResponseWriter, r *http.Request) {
	if why := g.config.adminRefusal(r); why != nil {
		g.refuse(w, why)
		return
	}
	id, single := cutPrefix(r.URL.Path, "/admin/users/")
	if r.Method != http.MethodGet || (!single && r.URL.Path != "/admin/users") {
		g.refuse(w, &refusal{404, "not_found", "404 page not found"})
		return
	}
	filter := ""
	if single {
		filter = " where id::text = :'id'"
	}
	rows, err := g.database.query("select json_build_object('id', id, 'email', email, 'role', role) from auth.users"+filter+";", "id", id)
	if err != nil {
		g.refuse(w, &refusal{500, "unexpected_failure", "Database error finding users"})
		return
	}
	if single && rows[0] == "" {
		g.refuse(w, &refusal{404, "user_not_found", "User not found"})
		return
	}
	text := rows[0]
	if !single {
		text = `{"users":[` + strings.Join(rows, ",") + `],"aud":""}`
	}
	answerJSON(w, 200, json.RawMessage(text))
}
