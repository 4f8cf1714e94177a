package main

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

// database runs SQL through psql, which every image of the stack carries; the password travels in the environment.
type database struct{ environment []string }

func openDatabase(address string) (*database, error) {
	location, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	password, _ := location.User.Password()
	variables := []string{
		"PGHOST=" + location.Hostname(),
		"PGPORT=" + location.Port(),
		"PGUSER=" + location.User.Username(),
		"PGPASSWORD=" + password,
		"PGDATABASE=" + strings.TrimPrefix(location.Path, "/"),
		"PGCONNECT_TIMEOUT=5",
	}
	if path := location.Query().Get("search_path"); path != "" {
		variables = append(variables, "PGOPTIONS=-csearch_path="+path)
	}
	return &database{append(os.Environ(), variables...)}, nil
}

// query returns the rows as lines. values are NAME, VALUE pairs, used in the SQL as :'NAME'.
func (d *database) query(sql string, values ...string) ([]string, error) {
	arguments := []string{"-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"}
	for i := 0; i+1 < len(values); i += 2 {
		arguments = append(arguments, "-v", values[i]+"="+values[i+1])
	}
	command := exec.Command("/usr/lib/postgresql/17/bin/psql", arguments...)
	command.Env = d.environment
	command.Stdin = strings.NewReader(sql)
	var output, errors bytes.Buffer
	command.Stdout, command.Stderr = &output, &errors
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%s", strings.TrimSpace(errors.String()))
	}
	return strings.Split(strings.TrimRight(output.String(), "\n"), "\n"), nil
}

// prepare runs the SQL until the database answers, for at most half a minute.
func (d *database) prepare(sql string) error {
	var err error
	for try := 0; try < 30; try++ {
		if _, err = d.query(sql); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return err
}
