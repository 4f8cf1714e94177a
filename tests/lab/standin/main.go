// standin: one static program that plays the parts of a stack which cannot be had here: AppFlowy's closed images,
// GoTrue and, where no build of it is cached, MinIO. It reads the environment names that the real services read and
// answers what an audit asks; it is no replacement for any of them. Only the standard library is used, so that it
// builds without a module proxy.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

var roles = map[string]func(arguments []string) error{
	"gotrue": runGotrue,
	"minio":  runMinio,
	"cloud":  runCloud,
	"web":    runWeb,
	"admin":  runAdmin,
	"ai":     runAI,
	"search": runSearch,
	"worker": runWorker,
}

func main() {
	endOnSignal()
	if len(os.Args) < 2 || roles[os.Args[1]] == nil {
		log.Fatal("usage: standin gotrue|minio|cloud|web|admin|ai|search|worker [ARGUMENT...]")
	}
	if err := roles[os.Args[1]](os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

// PID 1 of a container has no default signal handlers: without this a stop would take docker's full grace period.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		os.Exit(0)
	}()
}

func environment(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func answerJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}

func answerText(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text) }
}

func serve(address string, mux *http.ServeMux) error {
	log.Printf("listening on %s", address)
	return http.ListenAndServe(address, mux)
}
