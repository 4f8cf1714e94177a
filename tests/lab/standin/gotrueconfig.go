package main

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The lines of GoTrue whose differences an audit must tell apart. LAB_GOTRUE_LINE chooses one.
const (
	newFork  = "new-fork" // AppFlowy's fork on 2.182.1: the default
	oldFork  = "old-fork" // AppFlowy's fork on 2.159.1
	upstream = "upstream"
)

type gotrueConfig struct {
	line           string
	secret         []byte
	adminRole      string
	minLength      int
	characters     []string
	signupDisabled bool
	autoconfirm    bool
	saml           bool
	switches       map[string]bool
}

// The typed names that the stand-in checks as the real loader does. Names outside the table are ignored, as there.
var typedNames = map[string][]string{
	"bool": {"GOTRUE_DISABLE_SIGNUP", "GOTRUE_MAILER_AUTOCONFIRM", "GOTRUE_MAILER_ALLOW_UNVERIFIED_EMAIL_SIGN_INS",
		"GOTRUE_SAML_ENABLED", "GOTRUE_PASSWORD_HIBP_ENABLED", "GOTRUE_EXTERNAL_EMAIL_ENABLED",
		"GOTRUE_EXTERNAL_PHONE_ENABLED", "GOTRUE_EXTERNAL_ANONYMOUS_USERS_ENABLED", "GOTRUE_MFA_TOTP_ENROLL_ENABLED",
		"GOTRUE_MFA_TOTP_VERIFY_ENABLED", "GOTRUE_SECURITY_CAPTCHA_ENABLED",
		"GOTRUE_SECURITY_UPDATE_PASSWORD_REQUIRE_REAUTHENTICATION", "GOTRUE_SECURITY_REFRESH_TOKEN_ROTATION_ENABLED"},
	"int":     {"GOTRUE_PASSWORD_MIN_LENGTH", "GOTRUE_JWT_EXP", "GOTRUE_SMTP_PORT"},
	"float64": {"GOTRUE_MFA_CHALLENGE_EXPIRY_DURATION"},
	"time.Duration": {"GOTRUE_SESSIONS_TIMEBOX", "GOTRUE_SESSIONS_INACTIVITY_TIMEOUT", "GOTRUE_SMTP_MAX_FREQUENCY",
		"GOTRUE_MFA_FACTOR_EXPIRY_DURATION"},
	"conf.Rate": {"GOTRUE_RATE_LIMIT_EMAIL_SENT"},
}

var providers = []string{"apple", "azure", "bitbucket", "discord", "facebook", "figma", "fly", "github", "gitlab",
	"google", "kakao", "keycloak", "linkedin", "linkedin_oidc", "notion", "slack", "slack_oidc", "snapchat", "spotify",
	"twitch", "twitter", "workos", "zoom"}

func providerSwitch(provider string) string {
	return "GOTRUE_EXTERNAL_" + strings.ToUpper(provider) + "_ENABLED"
}

// refuseStart ends the process as the real one does: one log line that carries the raw value, then status 1.
func refuseStart(format string, arguments ...any) {
	line, _ := json.Marshal(map[string]string{"level": "fatal", "msg": fmt.Sprintf(format, arguments...),
		"time": time.Now().UTC().Format(time.RFC3339)})
	fmt.Fprintln(os.Stderr, string(line))
	os.Exit(1)
}

func checkType(kind, value string) error {
	var err error
	switch kind {
	case "bool":
		_, err = strconv.ParseBool(value)
	case "int":
		_, err = strconv.ParseInt(value, 0, 64)
	case "float64":
		_, err = strconv.ParseFloat(value, 64)
	case "time.Duration":
		_, err = time.ParseDuration(value)
	case "conf.Rate":
		count, span, both := strings.Cut(value, "/")
		if _, err = strconv.ParseFloat(count, 64); err == nil && both {
			_, err = time.ParseDuration(span)
		}
	}
	return err
}

// loadGotrueConfig refuses what the real loader refuses. A name that is present and empty counts as set: its default
// does not apply, and every type but text fails on it.
func loadGotrueConfig() *gotrueConfig {
	for _, name := range []string{"GOTRUE_DB_DRIVER", "DATABASE_URL", "API_EXTERNAL_URL", "GOTRUE_SITE_URL", "GOTRUE_JWT_SECRET"} {
		if _, present := os.LookupEnv(name); !present {
			refuseStart("Failed to load configuration: required key %s missing value", name)
		}
	}
	for _, provider := range providers {
		typedNames["bool"] = append(typedNames["bool"], providerSwitch(provider))
	}
	config := &gotrueConfig{line: environment("LAB_GOTRUE_LINE", newFork), switches: map[string]bool{}}
	for kind, names := range typedNames {
		for _, name := range names {
			value, present := os.LookupEnv(name)
			if !present {
				continue
			}
			if err := checkType(kind, value); err != nil {
				refuseStart("Failed to load configuration: envconfig.Process: assigning %s to %s: converting '%s' to type %s. details: %v",
					name, name, value, kind, err)
			}
			if kind == "bool" {
				config.switches[name], _ = strconv.ParseBool(value)
			}
		}
	}
	config.secret = []byte(os.Getenv("GOTRUE_JWT_SECRET"))
	config.adminRole = environment("GOTRUE_JWT_ADMIN_GROUP_NAME", "admin")
	config.signupDisabled = config.switches["GOTRUE_DISABLE_SIGNUP"]
	config.autoconfirm = config.switches["GOTRUE_MAILER_AUTOCONFIRM"]
	config.saml = config.switches["GOTRUE_SAML_ENABLED"]
	length, _ := strconv.ParseInt(environment("GOTRUE_PASSWORD_MIN_LENGTH", "6"), 0, 32)
	if config.minLength = int(length); config.minLength < 6 {
		config.minLength = 6
	}
	if rule := os.Getenv("GOTRUE_PASSWORD_REQUIRED_CHARACTERS"); rule != "" {
		config.characters = strings.Split(rule, ":")
	}
	checkTogether(config)
	return config
}

// checkTogether holds the rules that need more than one name.
func checkTogether(config *gotrueConfig) {
	if config.autoconfirm && config.switches["GOTRUE_MAILER_ALLOW_UNVERIFIED_EMAIL_SIGN_INS"] {
		refuseStart("Failed to load configuration: cannot enable both autoconfirm and unverified sign-ins")
	}
	if config.switches["GOTRUE_SECURITY_CAPTCHA_ENABLED"] && os.Getenv("GOTRUE_SECURITY_CAPTCHA_SECRET") == "" {
		refuseStart("Failed to load configuration: captcha provider secret is empty")
	}
	for _, name := range []string{"GOTRUE_SESSIONS_TIMEBOX", "GOTRUE_SESSIONS_INACTIVITY_TIMEOUT"} {
		if value, present := os.LookupEnv(name); present {
			if span, _ := time.ParseDuration(value); span <= 0 {
				refuseStart("Failed to load configuration: %s must be positive", name)
			}
		}
	}
	if _, err := url.ParseRequestURI(os.Getenv("API_EXTERNAL_URL")); err != nil {
		refuseStart("Failed to load configuration: %v", err)
	}
	if len(config.secret) == 0 {
		refuseStart("Failed to load configuration: the JWT secret is empty")
	}
	for _, pattern := range strings.Split(os.Getenv("GOTRUE_URI_ALLOW_LIST"), ",") {
		if _, err := path.Match(pattern, ""); err != nil {
			panic("glob: " + err.Error())
		}
	}
	if config.saml {
		if err := checkSAMLKey(os.Getenv("GOTRUE_SAML_PRIVATE_KEY")); err != nil {
			refuseStart("Failed to load configuration: SAML private key: %v", err)
		}
	}
}

func checkSAMLKey(text string) error {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("not base64")
	}
	var key *rsa.PrivateKey
	if key, err = x509.ParsePKCS1PrivateKey(der); err != nil {
		return fmt.Errorf("not PKCS#1")
	}
	if key.E != 65537 || key.N.BitLen() < 2048 {
		return fmt.Errorf("exponent %d, %d bits", key.E, key.N.BitLen())
	}
	return nil
}

// weaknesses names what a password lacks: "length", "characters". The fork reads each item as a regular expression
// and skips one that is none; upstream reads it as a bag of characters.
func (c *gotrueConfig) weaknesses(password string) []string {
	reasons := []string{}
	if len(password) < c.minLength {
		reasons = append(reasons, "length")
	}
	for _, item := range c.characters {
		satisfied := strings.ContainsAny(password, item)
		if c.line != upstream {
			expression, err := regexp.Compile(item)
			satisfied = err != nil || expression.MatchString(password)
		}
		if !satisfied {
			return append(reasons, "characters")
		}
	}
	return reasons
}
