package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const cloudTables = `create table if not exists public.af_user (uid bigserial primary key, email text);
create table if not exists public.af_workspace (workspace_id uuid primary key default gen_random_uuid());`

func runCloud([]string) error {
	if err := prepareDatabase("APPFLOWY_DATABASE_URL", cloudTables); err != nil {
		return err
	}
	go holdRedis(os.Getenv("APPFLOWY_REDIS_URI"))
	if os.Getenv("APPFLOWY_S3_CREATE_BUCKET") == "true" {
		if err := createBucket(); err != nil {
			return err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/health", answerText("OK"))
	mux.HandleFunc("/api/health", answerText("OK"))
	mux.HandleFunc("/api/server", func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, 200, envelope(map[string]any{
			"minimum_supported_client_version": "0.9.0",
			"appflowy_web_url":                 os.Getenv("APPFLOWY_WEB_URL"),
		}))
	})
	mux.HandleFunc("/api/server-info/auth-providers", func(w http.ResponseWriter, r *http.Request) {
		answerJSON(w, 200, envelope(map[string]any{"count": 2, "providers": []string{"password", "magic_link"}}))
	})
	return serve(":8000", mux)
}

func envelope(data any) map[string]any { return map[string]any{"code": 0, "message": "", "data": data} }

// The page is the same for every path, as a single-page application's is.
func runWeb([]string) error {
	settings, err := json.Marshal(map[string]string{
		"APPFLOWY_BASE_URL":        os.Getenv("APPFLOWY_BASE_URL"),
		"APPFLOWY_GOTRUE_BASE_URL": os.Getenv("APPFLOWY_GOTRUE_BASE_URL"),
		"APPFLOWY_WS_BASE_URL":     os.Getenv("APPFLOWY_WS_BASE_URL"),
	})
	if err != nil {
		return err
	}
	page := fmt.Sprintf("<!doctype html><title>AppFlowy</title><script>window.__APP_CONFIG__=%s</script>\n", settings)
	mux := http.NewServeMux()
	mux.HandleFunc("/", answerHTML(page))
	return serve(":80", mux)
}

func runAdmin([]string) error {
	mux := http.NewServeMux()
	mux.Handle("/console", http.RedirectHandler("/console/login", http.StatusTemporaryRedirect))
	mux.HandleFunc("/console/", answerHTML("<!doctype html><title>AppFlowy Admin</title><form></form>\n"))
	return serve(":3000", mux)
}

func answerHTML(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}
}

func runAI([]string) error {
	go holdRedis(os.Getenv("AI_REDIS_URL"))
	mux := http.NewServeMux()
	mux.HandleFunc("/health", answerText("OK"))
	return serve(":"+environment("AI_SERVER_PORT", "5001"), mux)
}

func runSearch([]string) error {
	if err := prepareDatabase("APPFLOWY_SEARCH_DATABASE_URL", "select 1"); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/health", answerText("OK"))
	return serve(":"+environment("APPFLOWY_SEARCH_PORT", "4002"), mux)
}

func runWorker([]string) error {
	if err := prepareDatabase("APPFLOWY_WORKER_DATABASE_URL", "select 1"); err != nil {
		return err
	}
	holdRedis(os.Getenv("APPFLOWY_WORKER_REDIS_URL"))
	return nil
}

func prepareDatabase(variable, sql string) error {
	database, err := openDatabase(os.Getenv(variable))
	if err != nil {
		return err
	}
	return database.prepare(sql)
}

// holdRedis keeps one connection to the real Redis alive, with the password of the address where it has one.
func holdRedis(address string) {
	for ; ; time.Sleep(2 * time.Second) {
		if err := pingRedis(address); err != nil {
			log.Printf("redis: %v", err)
		}
	}
}

func pingRedis(address string) error {
	location, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("the address cannot be read")
	}
	connection, err := net.Dial("tcp", location.Host)
	if err != nil {
		return err
	}
	defer connection.Close()
	if password, given := location.User.Password(); given {
		fmt.Fprintf(connection, "AUTH %s\r\n", password)
	}
	for buffer := make([]byte, 256); ; time.Sleep(5 * time.Second) {
		fmt.Fprint(connection, "PING\r\n")
		read, err := connection.Read(buffer)
		if err != nil {
			return err
		}
		if buffer[0] == '-' {
			return fmt.Errorf("%s", strings.TrimSpace(string(buffer[:read])))
		}
	}
}
