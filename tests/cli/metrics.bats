#!/usr/bin/env bats
# Health and figures of a real broker by HTTP, as probes and Prometheus ask.

load helper

setup() {
	test_begin
	cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
	test_end
}

# http_start [KEY...]: a broker with an address for HTTP, and these keys of
# http.
http_start() {
	local IFS=,

	echo "http: { listen: '127.0.0.1:0', $* }" >wampd.yml
	http_serve
}

# A broker with that wampd.yml.
http_serve() {
	broker_start -c wampd.yml
	HTTP=http://$(awk '$1 == "http" { print $2 }' "$PORTS")
	WS=http://${WS_URL#ws://}
	WS=${WS%/}
}

# get URL [OPTION...]: status and content.
get() {
	curl -sS -w '%{stderr}%{http_code}\n' "${@:2}" "$1" 2>&1
}

# parser FILE: run it.  Debian's Python has the module, another may not.
parser() {
	local python

	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import prometheus_client' 2>/dev/null; then
			"$python" "$@"
			return
		fi
	done
	echo 'no prometheus_client'
	return 1
}

# A little of everything.
use() {
	wamp-pub news 1
	wamp-pub --retain news 2
	wamp-call wampd.echo 1 >call
	wamp-pub -u "$WS_URL" news 3 || true
	run curl -sS "$WS/"
}

@test "promtool accepts the text format" {
	http_start
	use
	run -0 curl -sS -D head "$HTTP/metrics" -o figures
	run -0 promtool check metrics <figures
	assert_output ''
	run -0 grep -i '^content-type' head
	assert_output --partial 'text/plain; version=0.0.4; charset=utf-8'
}

@test "the strict parser of Prometheus accepts OpenMetrics" {
	http_start
	use
	cat >check.py <<-'END'
		import sys
		from prometheus_client.openmetrics.parser import \
		    text_string_to_metric_families
		families = list(text_string_to_metric_families(
		    sys.stdin.read()))
		types = {f.name: f.type for f in families}
		assert types["wampd_events"] == "counter", types
		assert types["wampd_turn_seconds"] == "histogram", types
		assert types["wampd_build"] == "info", types
		values = {s.name: s.value for f in families
		    for s in f.samples}
		assert values["wampd_events_total"] >= 2, values
		assert values["process_resident_memory_bytes"] > 0
		assert values["process_open_fds"] > 3, values
		print(len(families))
	END
	run -0 curl -sS -D head -o figures \
	    -H 'Accept: application/openmetrics-text' "$HTTP/metrics"
	run -0 parser check.py <figures
	run -0 grep -i '^content-type' head
	assert_output --partial \
	    'application/openmetrics-text; version=1.0.0; charset=utf-8'
}

@test "both formats have the same samples" {
	http_start
	curl -sS "$HTTP/metrics" | sed -n 's/^\([^#][^ ]*\) .*/\1/p' >text
	curl -sS -H 'Accept: application/openmetrics-text;q=1,*/*;q=0.9' \
	    "$HTTP/metrics" | sed -n 's/^\([^#][^ ]*\) .*/\1/p' >open
	run -0 diff text open
	run -1 grep '^news' text
}

@test "a broker whose keys must be kept secret tells the same" {
	(umask 077 && echo ThisTokenIsNotSoSecretChangeIt >secret)
	cat >wampd.yml <<-'END'
		http: { listen: '127.0.0.1:0' }
		tickets: { oro: { secret_file: secret } }
	END
	http_serve
	run -0 curl -sS "$HTTP/metrics"
	assert_output --partial 'process_resident_memory_bytes '
	assert_output --partial 'process_open_fds '
}

@test "a broker is live and ready, until it drains" {
	local n

	http_start 'share: health'
	for n in "$HTTP" "$WS"; do
		run -0 get "$n/health/live"
		assert_output "live
200"
		run -0 get "$n/health/ready?full"
		assert_output "ready
200"
	done
	sub_start -u "$WS_URL" news
	wamp-call wampd.drain '{"spread":"1h"}' >drain
	run -0 get "$HTTP/health/ready"
	assert_output "draining
503"
	run -0 get "$HTTP/health/live"
	assert_line 200
	run -0 curl -sS "$HTTP/metrics"
	assert_line 'wampd_ready 0'
	assert_line 'wampd_draining 1'
	assert_line 'wampd_unsaved 0'
	assert_line 'wampd_drain_sessions 1'
}

@test "nothing is served without http.listen, and figures not to strangers" {
	echo 'http: { share: none }' >wampd.yml
	http_serve
	run -0 get "$WS/health/live"
	assert_line 426
	run -0 get "$WS/metrics"
	assert_line 426
	run -0 cat "$PORTS"
	refute_output --partial http
}

@test "at the port of all, figures need http.allow" {
	http_start 'share: all' 'allow: [127.0.0.0/8]'
	run -0 get "$WS/metrics" -o /dev/null
	assert_output 200
	run -0 get "$WS/metrics" -o /dev/null -H 'X-Real-IP: 192.0.2.1'
	assert_output 403
	broker_stop TERM
	http_start 'share: all' 'allow: [192.0.2.0/24]'
	run -0 get "$WS/metrics" -o /dev/null
	assert_output 403
	run -0 get "$HTTP/metrics" -o /dev/null
	assert_output 403
	run -0 get "$HTTP/health/live" -o /dev/null
	assert_output 200
	run -0 cat "$BROKER_LOG"
	assert_output --partial 'cause=address: to allow it, set http.allow'
}

@test "paths can be others, or none" {
	http_start 'metrics: /a/figures' 'health: no'
	run -0 get "$HTTP/a/figures" -o /dev/null
	assert_output 200
	run -0 get "$HTTP/metrics" -o /dev/null
	assert_output 404
	run -0 get "$HTTP/health/live" -o /dev/null
	assert_output 404
}

@test "an address for HTTP may be a Unix socket, or have TLS" {
	certificate server.pem
	cat >wampd.yml <<-END
		tls: { cert: server.pem, key: server.pem }
		http: { listen: ["unix:$PWD/http.sock", "tls:127.0.0.1:0"] }
		confine: yes
	END
	if is_sanitized; then
		sed -i '/^confine/d' wampd.yml
	fi
	broker_start -c wampd.yml
	run -0 get http://localhost/health/ready --unix-socket http.sock
	assert_line ready
	run -0 get "https://$(awk '$1 == "https" { print $2 }' \
	    "$PORTS")/health/ready" --cacert server.pem
	assert_line ready
	broker_stop TERM
	[ ! -e http.sock ]
}

@test "an address that is in use is named, by wampd -t, too" {
	http_start
	echo "http: { listen: '${HTTP#http://}' }" >second.yml
	run -0 wampd -t -c second.yml -S "$PWD/second.sock" \
	    -l 127.0.0.1:0
	assert_output --partial 'second.yml:1:'
	assert_output --partial in-use
	run -1 wampd -c second.yml -S "$PWD/second.sock" -l 127.0.0.1:0
	assert_output --partial "${HTTP#http://}"
}

@test "a wrong value of http is named" {
	cat >wampd.yml <<-'END'
		http:
		  metrics: metrics
		  health: /a/../b
		  share: some
		  allow: [10.0.0.0/33]
	END
	run -1 wampd -t -c wampd.yml
	assert_output --partial 'wampd.yml:2:12: error: http.metrics: '
	assert_output --partial 'wampd.yml:3:11: error: http.health: '
	assert_output --partial 'wampd.yml:4:10: error: http.share: '
	assert_output --partial 'wampd.yml:5:11: error: http.allow: '
}

@test "1000 requests for figures leave nothing behind" {
	local before after

	skip_if_sanitized
	http_start
	memory() {
		curl -sS "$HTTP/metrics" | awk '
			/^process_resident_memory_bytes/ { print $2 }'
	}
	curl -sS "$HTTP/metrics?[1-200]" -o /dev/null
	before=$(memory)
	curl -sS "$HTTP/metrics?[1-1000]" -o /dev/null
	after=$(memory)
	echo "before=$before after=$after"
	[ "$after" -le $((before + 262144)) ]
}
