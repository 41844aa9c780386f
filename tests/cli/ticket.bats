#!/usr/bin/env bats
# wamp-ticket(1): keys, tickets of each kind, and why one is refused.

load helper
stderr=		# of "run --separate-stderr"

setup() {
	test_begin
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
	wamp-ticket key --output key >pub
}

teardown() {
	test_end
}

# claims [OPTION...]: those of a new ticket.
claims() {
	wamp-ticket issue -k key "$@" | wamp-ticket show -q | jq -c .claims
}

# ---- keys ----

@test "key makes a secret that only its owner reads, and prints the rest" {
	run -0 cat key
	assert_output --regexp '^k4\.secret\.[A-Za-z0-9_-]{86}$'
	run -0 cat pub
	assert_output --regexp \
	    '^k4\.public\.[A-Za-z0-9_-]{43} # k4\.pid\.[A-Za-z0-9_-]{44}$'
	run -0 stat -c %a key
	assert_output 600
	run -0 wamp-ticket key -k key
	assert_output "$(cat pub)"
	run -0 wamp-ticket key -k pub
	assert_output "$(cat pub)"
}

@test "key replaces no file" {
	cp key before
	run -1 wamp-ticket key --output key
	assert_output 'wamp-ticket: key: there is such a file already; a key '\
'is not replaced'
	cmp before key
	run -1 wamp-ticket key --output none/key
	assert_output 'wamp-ticket: none/key: No such file or directory'
}

@test "a key for v4.local has an id, and no public key" {
	run -0 wamp-ticket key --purpose local --output local
	assert_output --regexp '^# k4\.lid\.[A-Za-z0-9_-]{44}$'
	wamp-ticket issue -k local -n anna >ticket
	run -0 grep -c '^v4\.local\.' ticket
	run -0 --separate-stderr wamp-ticket verify -k local ticket
	run -0 jq -r '.purpose, .claims.name' <<<"$output"
	assert_output $'local\nanna'
	run -3 wamp-ticket verify -k pub ticket
	assert_output 'wamp-ticket: the ticket is not valid: its key is '\
'unknown'
	run -0 --separate-stderr wamp-ticket show ticket
	run -0 jq -c .claims <<<"$output"
	assert_output null
}

@test "a secret that everybody may read is told" {
	chmod 644 key
	run -0 --separate-stderr wamp-ticket issue -k key -n anna
	assert_equal "$stderr" 'wamp-ticket: key: other users may read or '\
'change it: chmod o= key'
	run -0 --separate-stderr wamp-ticket key -k pub
	assert_equal "$stderr" ''
}

@test "a file of keys is refused with its line" {
	printf '# mine\n\nk4.secret.x\n' >bad
	run -1 wamp-ticket issue -k bad -n anna
	assert_output 'wamp-ticket: bad:3: the key is not base64url after '\
'k4.secret.'
	run -1 wamp-ticket issue -k /dev/null -n anna
	assert_output 'wamp-ticket: /dev/null: not a regular file'
	run -2 wamp-ticket issue -k pub -n anna
	assert_output --partial 'no key in it makes tickets'
}

# ---- PASETO ----

@test "issue writes what the options say" {
	run -0 claims -n anna --sub 7 --user-id 7 --role a --role b \
	    --audience wampd --issuer me
	run -0 jq -c 'del(.jti, .iat, .exp)' <<<"$output"
	assert_output '{"iss":"me","aud":"wampd","sub":"7","name":"anna",'\
'"user_id":7,"roles":["a","b"]}'
	run -0 claims -n anna --for 90
	run -0 jq '[.exp, .iat | sub("[.][0-9]*Z"; "Z") | fromdate] |
	    .[0] - .[1]' <<<"$output"
	assert_output 90
	run -0 claims -n anna --forever
	run -0 jq .exp <<<"$output"
	assert_output null
}

@test "each ticket has an id of its own" {
	claims -n anna >ids
	claims -n anna >>ids
	run -0 jq -s '.[0].jti != .[1].jti and (.[0].jti | length) == 22' ids
	assert_output true
}

@test "a ticket is verified with the public key" {
	wamp-ticket issue -k key -n anna >ticket
	run -0 --separate-stderr wamp-ticket verify -k pub ticket
	run -0 jq .verified <<<"$output"
	assert_output true
	run -0 --separate-stderr wamp-ticket verify -k pub <ticket
	wamp-ticket key --output other >other.pub
	run -3 wamp-ticket verify -k other.pub ticket
	assert_output 'wamp-ticket: the ticket is not valid: its key is '\
'unknown'
	sed 's/$/=/' ticket >changed
	run -3 wamp-ticket verify -k pub changed
	assert_output 'wamp-ticket: the ticket is not valid: it is malformed'
	sed 's/^v4\.public\.eyJ./v4.public.eyJX/' ticket >changed
	run -3 wamp-ticket verify -k pub changed
	assert_output 'wamp-ticket: the ticket is not valid: its signature '\
'is wrong'
}

@test "two keys at once, and one that has an id of its own" {
	wamp-ticket key --output key2 --key-id shop-2 >>pub
	run -0 grep -c 'k4\.public\.[^ ]* shop-2 # k4\.pid\.' pub
	wamp-ticket issue -k key2 -n anna >ticket
	run -0 --separate-stderr wamp-ticket verify -k pub ticket
	run -0 jq -r .footer.kid <<<"$output"
	assert_output shop-2
	wamp-ticket issue -k key -n anna >ticket
	run -0 wamp-ticket verify -q -k pub ticket
}

@test "verify tells why a ticket is not valid" {
	wamp-ticket issue -k key -n anna --for 1ms >ticket
	run -3 wamp-ticket verify -k pub ticket
	assert_output 'wamp-ticket: the ticket is not valid: it is expired'
	run -0 wamp-ticket verify -q -k pub --leeway 1d ticket
	wamp-ticket issue -k key -n anna --forever >ticket
	run -3 wamp-ticket verify -k pub ticket
	assert_output --partial 'it never expires'
	run -0 wamp-ticket verify -q -k pub --forever ticket
	wamp-ticket issue -k key -n anna --audience you --issuer me >ticket
	run -3 wamp-ticket verify -k pub ticket
	assert_output --partial 'it is for another audience'
	run -3 wamp-ticket verify -k pub --audience me ticket
	assert_output --partial 'it is for another audience'
	run -3 wamp-ticket verify -k pub --audience you --issuer x ticket
	assert_output --partial 'it is from another issuer'
	run -0 wamp-ticket verify -q -k pub --audience you --issuer me ticket
}

@test "show says that it checks nothing" {
	wamp-ticket issue -k key -n anna >ticket
	run -0 --separate-stderr wamp-ticket show ticket
	assert_equal "$stderr" 'wamp-ticket: nothing was checked: anybody may '\
'have made this ticket'
	run -0 jq -c '[.verified, .kind, .purpose, .claims.name]' \
	    <<<"$output"
	assert_output '[false,"paseto","public","anna"]'
}

# ---- JWT ----

@test "JWTs are shown, and verified with the keys of a provider" {
	local head claims

	head=$(printf '{"alg":"HS256"}' | base64 -w0 | tr -d =)
	claims=$(printf '{"sub":"anna","exp":4102444800}' | base64 -w0 |
	    tr '+/' -_ | tr -d =)
	printf 0123456789abcdef0123456789abcdef >secret
	echo "$head.$claims.$(printf %s "$head.$claims" |
	    openssl dgst -sha256 -hmac "$(cat secret)" -binary |
	    base64 -w0 | tr '+/' -_ | tr -d =)" >ticket
	echo '{"keys":[{"kty":"oct","k":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODl'\
'hYmNkZWY"}]}' >jwks
	chmod 600 jwks
	run -0 --separate-stderr wamp-ticket verify -k jwks -k pub ticket
	run -0 jq -c '[.verified, .kind, .claims.sub, .header.alg]' \
	    <<<"$output"
	assert_output '[true,"jwt","anna","HS256"]'
	echo "$head.$claims.AAAA" >ticket
	run -3 wamp-ticket verify -k jwks ticket
	assert_output --partial 'its signature is wrong'
	run -3 wamp-ticket verify -k pub ticket
	assert_output --partial 'its key is unknown'
	run -0 wamp-ticket show -q ticket
}

# ---- Oro ----

@test "tickets of Oro, for nobody and for a user" {
	echo s3cr3t >secret
	echo "\$2y\$13\$abcdefghijklmnopqrstuv" >./hash
	wamp-ticket issue --secret-file secret >ticket
	run -0 --separate-stderr wamp-ticket verify --secret-file secret ticket
	run -0 jq -c '[.kind, .user]' <<<"$output"
	assert_output '["oro",null]'
	ORO_SECRET=s3cr3t run -0 wamp-ticket verify -q ticket
	ORO_SECRET=other run -3 wamp-ticket verify ticket
	assert_output --partial 'its signature is wrong'
	wamp-ticket issue --secret-file secret --hash-file hash -n admin \
	    >ticket
	run -0 --separate-stderr wamp-ticket verify --secret-file secret \
	    --hash-file hash ticket
	run -0 jq -r .user <<<"$output"
	assert_output admin
	run -2 wamp-ticket verify --secret-file secret ticket
	assert_output --partial 'it is the ticket of a user'
}

# The anonymous one of oro.md, made in 2024.
@test "an old ticket of Oro is expired" {
	echo ThisTokenIsNotSoSecretChangeIt >secret
	printf %s 'fWakKqpgDw/j+vGJTKj5FI/5TWKyNXYHuJZxr2ad/SFTUcoXuC4BveOI'\
'XFgrlSGHnhesS19eyoFVKt9yTYDsSg==;;0123456789abcdef;'\
'2024-01-02T03:04:05+00:00' | base64 -w0 >ticket
	run -3 wamp-ticket verify --secret-file secret ticket
	assert_output --partial 'it is expired'
	run -0 --separate-stderr wamp-ticket show ticket
	assert_output --partial '"created":"2024-01-02T03:04:05+00:00"'
	echo hello | run -1 wamp-ticket show
}

# ---- usage ----

@test "what makes no sense together is a usage error" {
	echo s >secret
	run -2 wamp-ticket issue -n anna
	assert_output 'wamp-ticket: issue needs --key-file for a PASETO, or '\
'--secret-file for a ticket of Oro'
	run -2 wamp-ticket issue -k key
	assert_output --partial 'needs --name or --sub'
	run -2 wamp-ticket issue -k key --secret-file secret -n anna
	assert_output --partial 'exclude each other'
	run -2 wamp-ticket issue --secret-file secret --role a
	assert_output --partial 'has only --name'
	run -2 wamp-ticket issue --secret-file secret -n anna
	assert_output --partial 'needs --name and --hash-file'
	run -2 wamp-ticket issue -k key -n anna --hash-file secret
	assert_output 'wamp-ticket: --hash-file is for tickets of Oro'
	run -2 wamp-ticket issue -k key -n $'a\tb'
	assert_output --partial '--name: longer than 255 bytes, or with con'
	run -2 wamp-ticket issue -k key -n anna --for 0
	assert_output 'wamp-ticket: --for: must be more than 0'
	run -2 wamp-ticket verify -n anna ticket
	assert_output 'wamp-ticket: verify does not take --name'
	run -2 wamp-ticket key
	assert_output --partial 'key needs --output for a new key'
	run -2 wamp-ticket key --output x --key-id 'a b'
	assert_output 'wamp-ticket: --key-id: it must be one word without #'
	wamp-ticket issue --secret-file secret >ticket
	run -2 wamp-ticket verify ticket
	assert_output --partial 'verify needs --secret-file'
	run -2 wamp-ticket
	assert_output 'wamp-ticket: need one of issue, key, show and verify'
}

@test "no ticket, and a ticket that is too long" {
	run -1 wamp-ticket show </dev/null
	assert_output 'wamp-ticket: stdin: there is no ticket in it'
	run -1 wamp-ticket show none
	assert_output --partial 'none: cannot open'
	head -c 100000 /dev/zero | tr '\0' a >long
	run -1 wamp-ticket show long
	assert_output --partial 'long: larger than'
}

@test "a ticket cannot control the terminal" {
	printf '%s;;\e[31m;2024-01-02T03:04:05+00:00' "$(printf %88s '' |
	    tr ' ' x)" | base64 -w0 >ticket
	run wamp-ticket show ticket
	refute_output --partial $'\e'
}
