#!/usr/bin/env bats
# No secret is seen: not by -T, in errors, in the log at its most talkative, in
# what procedures answer, nor in a list of processes.

load helper

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	umask 077
	unset ORO_SECRET CREDENTIALS_DIRECTORY
	make_secrets
}

teardown() {
	test_end
}

# The files of all keys that name secrets, and what nobody may see of them, a
# line each, in the file "secrets".
make_secrets() {
	certificate cert.pem
	echo M4RK3R-of-oro >oro
	printf '%s\n' 'admin:' '  password: "M4RK3R-hash"' '  id: 1' >users.yml
	wamp-ticket key --output key >pub
	wamp-ticket key --purpose local --output local >/dev/null
	printf '{"kty":"oct","alg":"HS256","k":"%s"}\n' \
	    M4RK3RM4RK3RM4RK3RM4RK3RM4RK3RM4RK3RM4RK3RA >jwk
	printf '%s\n' "plain: { secret: 'M4RK3R of cra', user: ann }" >cra.yml
	{
		echo M4RK3R
		sed -n 's/.*\(k4\.secret\.\|k4\.local\.\)//p' key local |
		    tr -d '"}, '
		grep -A 1 'BEGIN .*PRIVATE' cert.pem | tail -n 1
	} >secrets
	[ "$(wc -l <secrets)" -eq 4 ]
	cat >wampd.yml <<-'END'
	listen: ["tls:127.0.0.1:0", "127.0.0.1:0"]
	tls: { cert: cert.pem, key: cert.pem }
	tickets:
	  oro: { secret_file: oro, users: users.yml }
	  paseto: { keys: [pub, local] }
	  jwt: { keys: jwk, audience: here }
	cra: { keys: cra.yml }
	log: { level: debug }
	END
}

# Nothing that is secret is in those files, which are not empty.
assert_none_in() {
	local file

	for file; do
		[ -s "$file" ]
		run ! grep -aFn -f secrets "$file"
	done
}

@test "-T and -t show no secret" {
	wampd -T -c wampd.yml >shown 2>&1
	wampd -t -c wampd.yml >>shown 2>&1
	assert_none_in shown
}

@test "errors in files with secrets show none" {
	local file

	for file in oro users.yml pub local jwk cra.yml cert.pem; do
		cp "$file" whole
		# A line that cannot be read, with what was there.
		sed 's/^/ {[ "/' whole >"$file"
		wampd -t -c wampd.yml >shown 2>&1 || true
		assert_none_in shown
		head -c 20 whole >"$file"
		wampd -t -c wampd.yml >shown 2>&1 || true
		cp whole "$file"
	done
}

@test "neither logs nor answers nor processes show a secret" {
	local ticket

	broker_run -c wampd.yml -S "$WAMPD_CONTROL"
	wamp-ticket issue -k key -n ann >ticket
	cat ticket >>secrets
	wamp-call -u "$WS_URL" --ticket-file ticket wampd.echo x
	# A ticket that was changed, and one that is none.
	for ticket in "$(sed 's/.\{9\}$/M4RK3R/' ticket)" M4RK3R \
	    'v4.public.M4RK3R' 'M4RK3R.M4RK3R.M4RK3R'; do
		echo "$ticket" >wrong
		run ! wamp-call -u "$WS_URL" --ticket-file wrong wampd.echo x
	done
	echo 'M4RK3R of cra' >right
	WAMP_CRA_SECRET_FILE=right wamp-call -u "$WS_URL" --cra-user plain \
	    wampd.echo x
	WAMP_CRA_SECRET_FILE=wrong run ! wamp-call -u "$WS_URL" \
	    --cra-user plain wampd.echo x
	for answer in info stats sessions topics help; do
		wamp-call "wampd.$answer" >>answers
	done
	tr '\0' '\n' <"/proc/$BROKER_PID/cmdline" >processes
	assert_none_in "$BROKER_LOG" answers processes
	broker_stop
	assert_none_in "$BROKER_LOG"
}
