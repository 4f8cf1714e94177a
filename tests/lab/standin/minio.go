package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"
)

const emptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// signature is AWS signature version 4 of a request without query and body, as far as a bucket's creation needs it.
func signature(secret, method, path, host, stamp string) string {
	const names = "host;x-amz-content-sha256;x-amz-date"
	request := strings.Join([]string{method, path, "", "host:" + host, "x-amz-content-sha256:" + emptyBody,
		"x-amz-date:" + stamp, "", names, emptyBody}, "\n")
	hash := sha256.Sum256([]byte(request))
	key := []byte("AWS4" + secret)
	for _, part := range []string{stamp[:8], "us-east-1", "s3", "aws4_request"} {
		key = sign(key, part)
	}
	text := "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope(stamp) + "\n" + hex.EncodeToString(hash[:])
	return hex.EncodeToString(sign(key, text))
}

func scope(stamp string) string { return stamp[:8] + "/us-east-1/s3/aws4_request" }

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// createBucket does what AppFlowy's server does at its start, against the real MinIO or the one below.
func createBucket() error {
	location, err := url.Parse(os.Getenv("APPFLOWY_S3_MINIO_URL"))
	if err != nil {
		return err
	}
	path := "/" + environment("APPFLOWY_S3_BUCKET", "appflowy")
	for try := 0; try < 60; try++ {
		stamp := time.Now().UTC().Format("20060102T150405Z")
		request, err := http.NewRequest(http.MethodPut, location.Scheme+"://"+location.Host+path, nil)
		if err != nil {
			return err
		}
		request.Header.Set("x-amz-date", stamp)
		request.Header.Set("x-amz-content-sha256", emptyBody)
		request.Header.Set("Authorization", fmt.Sprintf(
			"AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=%s",
			os.Getenv("APPFLOWY_S3_ACCESS_KEY"), scope(stamp),
			signature(os.Getenv("APPFLOWY_S3_SECRET_KEY"), http.MethodPut, path, location.Host, stamp)))
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == 200 || answer.StatusCode == 409 {
				return nil
			}
			return fmt.Errorf("bucket %s: %s", path, answer.Status)
		}
		time.Sleep(time.Second)
	}
	return fmt.Errorf("the object store does not answer")
}

// runMinio answers on MinIO's two ports: health, signed bucket creation, refusal of everything anonymous, console login.
func runMinio([]string) error {
	user := environment("MINIO_ROOT_USER", "minioadmin")
	password := environment("MINIO_ROOT_PASSWORD", "minioadmin")
	go func() {
		panic(serve(":9001", minioConsole(user, password)))
	}()
	var lock sync.Mutex
	buckets := map[string]bool{}
	mux := http.NewServeMux()
	mux.HandleFunc("/minio/health/live", answerText(""))
	mux.HandleFunc("/minio/health/ready", answerText(""))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Server", "MinIO")
		given := r.Header.Get("Authorization")
		stamp := r.Header.Get("x-amz-date")
		switch {
		case given == "" || len(stamp) != 16:
			refuse(w, "AccessDenied")
		case !strings.Contains(given, "Credential="+user+"/"):
			refuse(w, "InvalidAccessKeyId")
		case !strings.HasSuffix(given, "Signature="+signature(password, r.Method, r.URL.Path, r.Host, stamp)):
			refuse(w, "SignatureDoesNotMatch")
		case r.Method == http.MethodPut:
			lock.Lock()
			known := buckets[r.URL.Path]
			buckets[r.URL.Path] = true
			lock.Unlock()
			if known {
				w.WriteHeader(http.StatusConflict)
			}
		default:
			w.WriteHeader(http.StatusNotImplemented)
		}
	})
	return serve(":9000", mux)
}

func refuse(w http.ResponseWriter, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code></Error>", code)
}

func minioConsole(user, password string) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/", answerHTML("<!doctype html><title>MinIO Console</title>\n"))
	mux.HandleFunc("/api/v1/login", func(w http.ResponseWriter, r *http.Request) {
		var given struct{ AccessKey, SecretKey string }
		if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&given) != nil ||
			given.AccessKey != user || given.SecretKey != password {
			answerJSON(w, http.StatusUnauthorized, map[string]any{"message": "invalid Login."})
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}
