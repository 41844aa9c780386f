#!/usr/bin/env bats
# Prometheus itself asks a broker that has something to do: each query of the
# dashboard and of the alerts in examples/prometheus gives a value.

load helper

setup() {
	test_begin
	PATH=$PATH:/usr/sbin
	command -v prometheus >/dev/null || skip 'no prometheus'
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples/prometheus
	PROMETHEUS_PID=
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	if [ -n "$PROMETHEUS_PID" ]; then
		kill "$PROMETHEUS_PID"
		wait "$PROMETHEUS_PID" || true
	fi
	test_end
}

# The configuration of the example, for this broker, in a hurry.
configure() {
	sed -e "s/127\.0\.0\.1:9464/$HTTP/" -e 's/: 15s/: 1s/' \
	    "$EXAMPLES/prometheus.yml" >prometheus.yml
	cp "$EXAMPLES/alerts.yml" .
}

# It chooses no port itself, so try until one is free.
prometheus_start() {
	local try

	for try in 1 2 3 4 5 6 7 8; do
		WEB=$((20000 + (RANDOM + try) % 12000))
		prometheus --config.file=prometheus.yml \
		    --storage.tsdb.path=data \
		    --web.listen-address="127.0.0.1:$WEB" \
		    >prometheus.log 2>&1 3>&- &
		PROMETHEUS_PID=$!
		wait_until prometheus_is_ready_or_ended
		process_ended "$PROMETHEUS_PID" || return 0
		wait "$PROMETHEUS_PID" || true
	done
	cat prometheus.log
	return 1
}

prometheus_is_ready_or_ended() {
	curl -sf "http://127.0.0.1:$WEB/-/ready" >ready ||
	    process_ended "$PROMETHEUS_PID"
}

# Whether the query of a file has a result.
has_value() {
	curl -sf "http://127.0.0.1:$WEB/api/v1/query" \
	    --data-urlencode query@"$1" >answer &&
	    grep -q '"result":\[{' answer
}

# A file for each query.  Those of the dashboard have variables of Grafana; an
# alert whose condition does not hold has no result, so its comparison is to
# give 0 or 1.
queries() {
	# shellcheck disable=SC2016
	jq -r '.panels[].targets[].expr' "$EXAMPLES/dashboard.json" |
	    sed -e 's/\$instance/.*/g' -e 's/\$__rate_interval/5m/g' \
	    >dashboard
	curl -sf "http://127.0.0.1:$WEB/api/v1/rules" |
	    jq -r '.data.groups[].rules[].query' |
	    sed -E 's/ (==|>|<) / \1 bool /' >alerts
	mkdir query
	split -l 1 -d -a 3 dashboard query/dashboard.
	split -l 1 -d -a 3 alerts query/alert.
}

# Sessions of both transports, events that are refused, calls, a program, and a
# client that does not read for a while.
be_busy() {
	local pid

	wamp-call wampd.echo 1 >call
	wamp-pub program 1
	wamp-pub -u "$WS_URL" room 1 || true
	sub_start -u "$WS_URL" -C 40 room
	pid=$(<"$BATS_TEST_TMPDIR/sub.1.pid")
	kill -STOP "$pid"
	jq -nc 'range(40) | "x" * 200000' | wamp-pub room
	kill -CONT "$pid"
	sub_wait >received
}

@test "the rules are right, and fire when they should" {
	cd "$EXAMPLES" || return
	run -0 promtool check rules alerts.yml
	run -0 promtool test rules alerts_test.yml
	run -0 promtool check config prometheus.yml
}

@test "each alert has a test" {
	run -0 diff <(sed -n 's/.*- alert: //p' "$EXAMPLES/alerts.yml" |
	    sort) <(sed -n 's/.*- alertname: //p' \
	    "$EXAMPLES/alerts_test.yml" | sort -u)
}

@test "each query of dashboard and alerts gives a value" {
	local query

	certificate server.pem
	cat >routes.yml <<-'END'
		room: { channel: room, handler: { callback: open } }
		program: { channel: program, handler: { callback: cat } }
	END
	cat >wampd.yml <<-'END'
		routes: [routes.yml]
		listen: ["127.0.0.1:0", "tls:127.0.0.1:0"]
		http: { listen: "127.0.0.1:0" }
		tls: { cert: server.pem, key: server.pem }
		limits: { queue: 64MiB, stall: 60s }
		handlers:
		  open: { type: broadcast, publish: local, subscribe: anyone }
		  cat:
		    type: exec
		    command: [jq, --unbuffered, -c,
		      "select(.id) | {id, allow: true}"]
		    publish: local
	END
	broker_run -S "$WAMPD_CONTROL" -c wampd.yml
	HTTP=$(awk '$1 == "http" { print $2 }' "$PORTS")
	configure
	prometheus_start
	queries
	set -- query/*
	[ $# -gt 40 ]
	echo 'wampd_events_total > 0' >seen
	be_busy
	wait_until has_value seen
	for query in query/*; do
		wait_until has_value "$query" ||
		    { cat "$query" answer; return 1; }
	done
	# The load was seen, so these are more than nothing.
	for query in 'wampd_deliveries_total > 0' \
	    'wampd_queue_wait_seconds_count > 0' \
	    'wampd_handler_starts_total{handler="cat"} > 0' \
	    'wampd_handler_refusals_total{handler="open"} > 0' \
	    'wampd_certificate_expiry_timestamp_seconds > time()'; do
		echo "$query" >seen
		wait_until has_value seen || { echo "$query"; return 1; }
	done
}
