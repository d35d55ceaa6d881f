// Command shop is the sample application: a small HTTP service in one static binary.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is what the service says it is. Change it, and the next run of the demo ships that change.
const version = "1.0.0"

const shutdownTimeout = 10 * time.Second

func main() {
	server := &http.Server{Addr: address(), Handler: routes(), ReadHeaderTimeout: 5 * time.Second}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	go func() {
		<-stop.Done()
		ctx, done := context.WithTimeout(context.Background(), shutdownTimeout)
		defer done()
		_ = server.Shutdown(ctx)
	}()
	log.Printf("shop %s listens on %s", version, server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

// address is where the service listens: ADDRESS, else port 8080 everywhere.
func address() string {
	if value := os.Getenv("ADDRESS"); value != "" {
		return value
	}
	return ":8080"
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, version) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"greeting": greeting(), "version": version})
	})
	return mux
}

// greeting comes from the environment's settings.
func greeting() string {
	if value := os.Getenv("GREETING"); value != "" {
		return value
	}
	return "Welcome to the shop"
}
