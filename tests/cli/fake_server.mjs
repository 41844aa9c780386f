// fake_server.mjs: servers that do not behave as wampd, for the tools' tests.
//
//	node fake_server.mjs KIND READY [SOCKET]
//
// Listens on SOCKET, or on a free port of the loopback address, and puts the
// URL or path into the file READY; the head of the last request goes to
// READY.head.  What WebSocket clients send to it goes to stdout, a line a
// message.
//
// FAKE_TLS	file with certificate and key in PEM: speak TLS
// FAKE_TLS_CA	file of the CA that clients' certificates must be from
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

const [kind, ready, path] = process.argv.slice(2);
const { FAKE_TLS, FAKE_TLS_CA } = process.env;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455 section 1.3
const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

function frame(opcode, payload) {
	const body = Buffer.from(payload);

	return Buffer.concat([Buffer.from([0x80 | opcode, body.length]), body]);
}

function closeFrame(code, reason) {
	return frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]),
		Buffer.from(reason)]));
}

// Short frames only, as the tests send them.
function* frames(bytes) {
	while (bytes.length >= 6 && bytes.length >= 6 + (bytes[1] & 127)) {
		const end = 6 + (bytes[1] & 127);
		const mask = bytes.subarray(2, 6);

		yield { opcode: bytes[0] & 15, end, payload:
			bytes.subarray(6, end).map((b, i) => b ^ mask[i % 4]) };
		bytes = bytes.subarray(end);
	}
}

function upgrade(socket, head, protocol = 'wamp') {
	const key = /sec-websocket-key: (.*)\r\n/i.exec(head)[1];

	socket.write('HTTP/1.1 101 Switching Protocols\r\n' +
		'Upgrade: websocket\r\nConnection: Upgrade\r\n' +
		(protocol === '' ? '' :
			`Sec-WebSocket-Protocol: ${protocol}\r\n`) +
		'Sec-WebSocket-Accept: ' +
		createHash('sha1').update(key + GUID).digest('base64') +
		'\r\n\r\n');
}

const welcome = frame(TEXT, '[0,"x1",1,"Ratchet/0.4.4"]');

// Answer a barrier.
function acknowledge(socket, data, accepted) {
	const call = /^\[2,("[^"]*"),"wampd.barrier"\]$/m.exec(data);

	if (call !== null)
		socket.write(`[3,${call[1]},{"accepted":${accepted},` +
			'"refused":0,"delivered":0,"refusals":[]}]\n');
}

let served = false;	// somebody

// Before the handshake: what is done with the bare connection.
const bare = {
	silent() {},
	hangup: (socket) => socket.destroy(),
	garbage: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
	// A wampd that goes when it has acknowledged two events.
	'lost-later'(socket) {
		socket.write('[0,"x1",1,"wampd/9"]\n');
		socket.on('data', (data) => {
			if (data.includes('"second"'))
				socket.destroy();
			else
				acknowledge(socket, data, 2);
		});
	},
	// A wampd that is lost, and speaks first when it is back.
	'lost-once'(socket) {
		const first = !served;

		served = true;
		socket.write('[0,"x1",1,"wampd/9"]\n' +
			(first ? '' : '[4,"t","app:error","of another"]\n'));
		socket.on('data', (data) => {
			if (first)
				socket.destroy();
			else
				acknowledge(socket, data, 1);
		});
	},
	// A wampd with a topic that fits into no environment, and another.
	'long-topic'(socket) {
		socket.write('[0,"x1",1,"wampd/9"]\n');
		socket.on('data', (data) => {
			acknowledge(socket, data, 0);
			if (data.includes('barrier'))
				socket.write(`[8,"${'x'.repeat(200000)}",1]\n` +
					'[8,"a",2]\n');
		});
	},
	// A wampd whose errors have neither name nor description.
	nameless(socket) {
		socket.write('[0,"x1",1,"wampd/9"]\n');
		socket.on('data', (data) => socket.write(
			`[4,${/^\[2,("[^"]*")/m.exec(data)[1]},"",""]\n`));
	},
};

function refuse(status, ...headers) {
	return (socket) => socket.end([`HTTP/1.1 ${status}`,
		'Content-Length: 0', ...headers, '', ''].join('\r\n'));
}

// As simple servers do, such as Python's.
function refuseOld(status) {
	return (socket) => socket.end(`HTTP/1.0 ${status}\r\n\r\n`);
}

// After the request's head.
const handshakes = {
	'http-302': refuse('302 Found', 'Location: https://there.example/'),
	'http-403': refuse('403 Forbidden'),
	'http-1.0': refuseOld('404 File not found'),
	'http-500': refuse('500 Internal Server Error'),
	'http-200': refuse('200 OK'),
	'other-protocol': (socket, head) => upgrade(socket, head, 'mqtt'),
	'no-protocol'(socket, head) {
		upgrade(socket, head, '');
		socket.write(welcome);
	},
	'no-welcome': upgrade,
	'no-wamp'(socket, head) {
		upgrade(socket, head);
		socket.write(frame(TEXT, 'hello'));
	},
	binary(socket, head) {
		upgrade(socket, head);
		socket.write(frame(BINARY, '[0,"x1",1,"x"]'));
	},
	'going-away'(socket, head) {
		upgrade(socket, head);
		socket.write(closeFrame(1001, 'bye'));
	},
};

// WAMP-CRA of the user "me" with the secret "secret", salted.
const challenge = JSON.stringify({ authkey: 'me',
	authextra: { salt: 'S', iterations: 10, keylen: 32 } });

function signature() {
	const key = pbkdf2Sync('secret', 'S', 10, 32, 'sha256');

	return createHmac('sha256', key.toString('base64')).update(challenge)
		.digest('base64');
}

const subscribers = new Set();

// On a message of a session.
const sessions = {
	// A broker as small as can be, with one procedure.
	relay(socket, { payload }) {
		const [type, topic, event] = JSON.parse(payload.toString());

		if (type === 2) {
			socket.write(frame(TEXT, JSON.stringify(
				event === 'app.one' ? [3, topic, 1] :
				[4, topic, 'app:error', 'not found'])));
		} else if (type === 5) {
			subscribers.add(socket);
		} else if (type === 7) {
			for (const to of subscribers)
				to.write(frame(TEXT,
					JSON.stringify([8, topic, event])));
		}
	},
	ratchet(socket, { payload }) {
		if (payload.toString().startsWith('[5,'))
			socket.write(Buffer.concat([frame(PING, 'x'),
				frame(TEXT, '[8,"a","\\u00e9\\/"]'),
				frame(TEXT, '[8,"a\\tb",{"a":\n1}]')]));
	},
	deaf() {},
	'garbage-later': (socket) => socket.write(frame(TEXT, '[8,"a"')),
	// Oro accepts the handshake and refuses the ticket then.
	'oro-403': (socket) => socket.write(frame(TEXT,
		'HTTP/1.0 403 Forbidden\r\nDate: now\r\n\r\n')),
	cra(socket, { payload }) {
		const [, id, procedure, arg] = JSON.parse(payload.toString());
		const answer = (...message) =>
			socket.write(frame(TEXT, JSON.stringify(message)));

		if (procedure.endsWith('#authreq'))
			answer(3, id, challenge);
		else if (procedure.endsWith('#auth') && arg !== signature())
			answer(4, id, 'http://api.wamp.ws/error' +
				'#invalid-signature', 'wrong signature');
		else
			answer(3, id, 'welcome');
	},
	// Lost with the first subscription; then it answers no login.
	'cra-once'(socket, got) {
		if (served)
			return;
		served = got.payload.toString().startsWith('[5,');
		if (served)
			socket.destroy();
		else
			sessions.cra(socket, got);
	},
	'hangup-mid': (socket) => socket.destroy(),
};

// Servers that only talk, in answers that nobody waits for or by pings of
// their own, and answer no ping.
const three = Buffer.concat([1, 2, 3].map((n) =>
	frame(TEXT, `[8,"t",${n}]`)));
let pings = 0;

function talk(socket, what) {
	let left = 125;
	const timer = setInterval(() => {
		socket.write(left-- > 0 ? what : three);
		if (left < 0)
			clearInterval(timer);
	}, 20);
}

sessions.talker = (socket) => talk(socket, frame(TEXT, '[3,"x",1]'));
sessions.pinger = (socket) => talk(socket, frame(PING, ''));
sessions['deaf-relay'] = sessions.relay;

function serve(socket) {
	let input = Buffer.alloc(0);
	let open = false;

	socket.on('error', () => {});
	if (bare[kind] !== undefined) {
		bare[kind](socket);
		return;
	}
	socket.on('data', (data) => {
		input = Buffer.concat([input, data]);
		if (!open) {
			const end = input.indexOf('\r\n\r\n');

			if (end === -1)
				return;
			const head = input.toString('latin1', 0, end + 2);
			input = input.subarray(end + 4);
			open = true;
			writeFileSync(`${ready}.head`, head);
			if (handshakes[kind] !== undefined) {
				handshakes[kind](socket, head);
				return;
			}
			upgrade(socket, head);
			socket.write(welcome);
		}
		for (const got of frames(input)) {
			input = input.subarray(got.end);
			if (got.opcode === CLOSE) {
				if (!kind.startsWith('deaf'))
					socket.end(frame(CLOSE, got.payload));
				return;
			}
			if (got.opcode === PING && kind === 'ponger') {
				console.log('PING');
				socket.write(frame(PONG, got.payload));
				if (++pings === 2)
					socket.write(three);
			}
			if (got.opcode !== TEXT)
				continue;
			console.log(got.payload.toString());
			// "close-1007": with that code.
			if (kind.startsWith('close-'))
				socket.write(closeFrame(Number(kind.slice(6)),
					'bad \x1b[1m'));
			sessions[kind]?.(socket, got);
		}
	});
}

const server = FAKE_TLS === undefined ? createServer(serve) :
	createTlsServer({ cert: readFileSync(FAKE_TLS),
		key: readFileSync(FAKE_TLS),
		ca: FAKE_TLS_CA && readFileSync(FAKE_TLS_CA),
		requestCert: FAKE_TLS_CA !== undefined }, serve)
		.on('tlsClientError', () => {});

server.listen(path ?? { host: '127.0.0.1', port: 0 }, () => {
	writeFileSync(`${ready}.new`, path ??
		`${FAKE_TLS === undefined ? 'ws' : 'wss'}://127.0.0.1:` +
		`${server.address().port}/`);
	renameSync(`${ready}.new`, ready);
});
