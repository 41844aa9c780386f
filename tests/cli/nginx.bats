#!/usr/bin/env bats
# Behind a real nginx on the same machine: nobody gets a right by its address.

load helper
load nginx

setup() {
	test_begin
	nginx_need
	EXAMPLES=${BATS_TEST_DIRNAME%/tests/cli}/examples
	cd "$BATS_TEST_TMPDIR" || return
	BROWSERS=ws+unix://$NGINX_SOCKET:/ws
	cat >wampd.yml <<-END
		routes: [$EXAMPLES/websocket_routing.yml]
		services: [$EXAMPLES/services.yml]
		application_url: https://www.example.com/
	END
}

teardown() {
	nginx_stop
	test_end
}

# As Oro's documentation has it: what comes looks like a program on this
# machine, because nothing of the browser is passed on.
documented() {
	sed "s|http://127.0.0.1:8080|http://${WS_URL:5:-1}|" <<-'END'
		location /ws {
		    proxy_pass http://127.0.0.1:8080/$is_args$args;
		    proxy_http_version 1.1;
		    proxy_set_header Upgrade $http_upgrade;
		    proxy_set_header Connection "Upgrade";
		    proxy_read_timeout 86400;
		}
	END
}

# What a stranger must not be able to do; $1 and others are options.
assert_powerless() {
	run -3 wamp-pub -u "$BROWSERS" "$@" oro/data/update 1
	assert_output --partial not_permitted
	run -3 wamp-pub -u "$BROWSERS" "$@" oro/maintenance '{"isOn":true}'
	assert_output --partial not_permitted
	run -0 wamp-maint status
}

@test "a stranger behind Oro's documented nginx can only listen" {
	broker_start -c wampd.yml
	documented | nginx_start
	assert_powerless
	assert_powerless --origin https://www.example.com
	sub_start -u "$BROWSERS" --origin https://www.example.com -C 1 \
	    oro/data/update
	wamp-pub oro/data/update '{"n":1}'
	run -0 sub_wait
	assert_output '{"n":1}'
}

@test "a stranger behind it can listen in a try-out, and no more" {
	printf 'application_url: https://www.example.com/\n' >wampd.yml
	broker_start -c wampd.yml
	documented | nginx_start
	run -3 wamp-pub -u "$BROWSERS" news 1
	assert_output --partial not_permitted
}

@test "pages of other sites do not come through it" {
	broker_start -c wampd.yml
	documented | nginx_start
	run -5 wamp-sub -u "$BROWSERS" --origin https://evil.example \
	    oro/data/update
	assert_output --partial 403
	run -0 wamp-call -e .refused_foreign_origin wampd.stats
	assert_output 1
}

@test "without application_url, the refusal's log line names it" {
	sed -i '/^application_url/d' wampd.yml
	broker_start -c wampd.yml
	documented | nginx_start
	run -5 wamp-sub -u "$BROWSERS" --origin https://www.example.com \
	    oro/data/update
	assert_output --partial 403
	run -0 cat "$BROKER_LOG"
	assert_output --partial 'value=https://www.example.com: to allow it, '\
'set application_url or origins'
}
