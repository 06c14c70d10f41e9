package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirewatch/configs"
	"wirewatch/store"
)

// defaultConfig is read when it exists and no other file was named.
const defaultConfig = "wirewatch.yaml"

// settings are the flags that say which installation is meant.
type settings struct{ config, store string }

func (s *settings) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.config, "config", "", "configuration file (default: "+defaultConfig+", if there is one)")
	c.Flags().StringVar(&s.store, "store", "", "database: a file or postgres://… (stronger than the configuration)")
}

// load reads the configuration that the flags name. The caller lays further
// flags over it and calls Check.
func (p *program) load(s settings) (configs.Config, error) {
	path := s.config
	if path == "" {
		if path = p.variable(configs.EnvPrefix + "CONFIG"); path == "" {
			if _, err := os.Stat(defaultConfig); err == nil {
				path = defaultConfig
			}
		}
	}
	c, err := configs.Load(path, p.environ)
	var wrong *configs.Error
	switch {
	case errors.As(err, &wrong):
		return c, misused(err)
	case err != nil:
		return c, failed(err)
	}
	if s.store != "" {
		c.Store = s.store
	}
	return c, nil
}

// variable is an environment variable's value, "" when it is not set.
func (p *program) variable(name string) string {
	for _, kv := range p.environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return ""
}

// maintenance is a subcommand that does one thing to the installation that its
// flags name.
func (p *program) maintenance(c *cobra.Command, do func(ctx context.Context, cfg configs.Config, args []string) error) *cobra.Command {
	var s settings
	s.flags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, err := p.load(s)
		if err != nil {
			return err
		}
		return failed(do(c.Context(), cfg, args))
	}
	return c
}

func (p *program) backupCommand() *cobra.Command {
	return p.maintenance(&cobra.Command{
		Use:     "backup FILE",
		Short:   "Write a checked copy of the database; the bot may be running",
		Example: "  wirewatch backup /var/backups/wirewatch-$(date +%F).db",
		Args:    cobra.ExactArgs(1),
	}, func(ctx context.Context, cfg configs.Config, args []string) error {
		if err := mustExist(cfg.Store); err != nil {
			return err
		}
		db, err := store.Open(ctx, cfg.Store, store.Options{Shared: true})
		if err != nil {
			return err
		}
		defer db.Close()
		if err := db.Backup(ctx, args[0]); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "wrote %s\n", args[0])
		return nil
	})
}

// mustExist keeps a mistyped file name from becoming an empty database.
func mustExist(dsn string) error {
	if strings.Contains(dsn, "://") {
		return nil
	}
	if _, err := os.Stat(dsn); err != nil {
		return fmt.Errorf("there is no database %s; name it with --store or in the configuration", dsn)
	}
	return nil
}

func (p *program) restoreCommand() *cobra.Command {
	return p.maintenance(&cobra.Command{
		Use:     "restore FILE",
		Short:   "Put a backup in place of the database; the bot must be stopped",
		Example: "  wirewatch restore /var/backups/wirewatch-2026-11-24.db",
		Args:    cobra.ExactArgs(1),
	}, func(ctx context.Context, cfg configs.Config, args []string) error {
		if err := store.Restore(ctx, args[0], cfg.Store); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "restored %s from %s\n", cfg.Store, args[0])
		return nil
	})
}

func (p *program) migrateCommand() *cobra.Command {
	return p.maintenance(&cobra.Command{
		Use:     "migrate",
		Short:   "Bring the database to this program's schema (run does so by itself)",
		Example: "  wirewatch migrate --store postgres://wirewatch@db/wirewatch",
		Args:    cobra.NoArgs,
	}, func(ctx context.Context, cfg configs.Config, _ []string) error {
		from, to, err := store.Migrate(ctx, cfg.Store)
		if err != nil {
			return err
		}
		if from == to {
			fmt.Fprintf(p.stdout, "schema %d: nothing to do\n", to)
		} else {
			fmt.Fprintf(p.stdout, "schema %d -> %d\n", from, to)
		}
		return nil
	})
}

func (p *program) healthcheckCommand() *cobra.Command {
	return p.maintenance(&cobra.Command{
		Use:   "healthcheck",
		Short: "Ask a running bot whether it is well (for containers without curl)",
		Long:  "Ask /readyz of the http.addr that the configuration names. Exit 0: ready.",
		Example: `  wirewatch healthcheck
  WIREWATCH_HTTP_ADDR=127.0.0.1:9000 wirewatch healthcheck`,
		Args: cobra.NoArgs,
	}, func(ctx context.Context, cfg configs.Config, _ []string) error {
		answer, err := askReady(ctx, cfg.HTTP.Addr)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, answer)
		return nil
	})
}

// askReady asks a running program's /readyz.
func askReady(ctx context.Context, addr string) (string, error) {
	if addr == "" {
		return "", errors.New("http.addr is empty, so a running bot cannot be asked; set it in the configuration")
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("http.addr: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("no answer at %s; is wirewatch run running with this configuration? (%w)", addr, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return "", err
	}
	answer := strings.TrimSpace(string(body))
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(answer)
	}
	return answer, nil
}
