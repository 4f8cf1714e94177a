package main

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

type refusal struct {
	status     int
	code, text string
}

// adminRefusal judges the bearer of a request to /admin; nil lets it in. A token without expiry is accepted for ever,
// audience and issuer are not looked at: both as in the real one.
func (c *gotrueConfig) adminRefusal(r *http.Request) *refusal {
	token, given := cutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !given {
		return &refusal{401, "no_authorization", "This endpoint requires a valid Bearer token"}
	}
	const unverified = "invalid JWT: unable to parse or verify signature, "
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return &refusal{403, "bad_jwt", unverified + "token contains an invalid number of segments"}
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var claims struct {
		Role    string   `json:"role"`
		Expires *float64 `json:"exp"`
	}
	if !decodePart(parts[0], &header) || !decodePart(parts[1], &claims) {
		return &refusal{403, "bad_jwt", unverified + "token is malformed"}
	}
	if header.Algorithm != "HS256" {
		return &refusal{403, "bad_jwt", unverified + "token signature is invalid: signing method " + header.Algorithm + " is invalid"}
	}
	wanted := base64.RawURLEncoding.EncodeToString(sign(c.secret, parts[0]+"."+parts[1]))
	if !hmac.Equal([]byte(wanted), []byte(parts[2])) {
		return &refusal{403, "bad_jwt", unverified + "token signature is invalid: signature is invalid"}
	}
	if claims.Expires != nil && int64(*claims.Expires) < time.Now().Unix() {
		return &refusal{403, "bad_jwt", unverified + "token has invalid claims: token is expired"}
	}
	if claims.Role != "service_role" && claims.Role != "supabase_admin" {
		return &refusal{403, "not_admin", "User not allowed"}
	}
	return nil
}

func decodePart(part string, into any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, into) == nil
}

func cutPrefix(text, prefix string) (string, bool) {
	return strings.TrimPrefix(text, prefix), strings.HasPrefix(text, prefix)
}
