// fake_server.mjs: servers that do not behave as wampd, for the tools' tests.
//
//	node fake_server.mjs KIND READY [SOCKET]
//
// Listens on SOCKET, or on a free port of the loopback address, and puts the
// URL or path into the file READY.  What WebSocket clients send to it goes to
// stdout, a line a message.
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const [kind, ready, path] = process.argv.slice(2);
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455 section 1.3
const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9;

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
		`Sec-WebSocket-Protocol: ${protocol}\r\n` +
		'Sec-WebSocket-Accept: ' +
		createHash('sha1').update(key + GUID).digest('base64') +
		'\r\n\r\n');
}

const welcome = frame(TEXT, '[0,"x1",1,"Ratchet/0.4.4"]');

// Before the handshake: what is done with the bare connection.
const bare = {
	silent() {},
	hangup: (socket) => socket.destroy(),
	garbage: (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
	// A wampd that goes when it has acknowledged two events.
	'lost-later'(socket) {
		socket.write('[0,"x1",1,"wampd/9"]\n');
		socket.on('data', (data) => {
			const call = /^\[2,("[^"]*"),"wampd.barrier"\]$/m
				.exec(data);
			if (call === null)
				return;
			if (data.includes('"second"')) {
				socket.destroy();
				return;
			}
			socket.write(`[3,${call[1]},{"accepted":2,` +
				'"refused":0,"delivered":0,"refusals":[]}]\n');
		});
	},
};

// After the request's head.
const handshakes = {
	'http-403': (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n' +
		'Content-Length: 0\r\n\r\n'),
	'other-protocol': (socket, head) => upgrade(socket, head, 'mqtt'),
	'no-welcome': upgrade,
	'no-wamp'(socket, head) {
		upgrade(socket, head);
		socket.write(frame(TEXT, 'hello'));
	},
	binary(socket, head) {
		upgrade(socket, head);
		socket.write(frame(BINARY, '[0,"x1",1,"x"]'));
	},
	'close-1001'(socket, head) {
		upgrade(socket, head);
		socket.write(closeFrame(1001, 'bye'));
	},
};

const subscribers = new Set();

// On a message of a session.
const sessions = {
	// A broker as small as can be, with one procedure.
	relay(socket, { opcode, payload }) {
		if (opcode !== TEXT)
			return;
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
	ratchet(socket, { opcode, payload }) {
		if (opcode === CLOSE)
			socket.end(frame(CLOSE, payload));
		else if (payload.toString().startsWith('[5,'))
			socket.write(Buffer.concat([frame(PING, 'x'),
				frame(TEXT, '[8,"a","\\u00e9\\/"]'),
				frame(TEXT, '[8,"a\\tb",{"a":\n1}]')]));
	},
	'close-1007': (socket) => socket.write(closeFrame(1007, 'bad \x1b[1m')),
	deaf() {},
	'hangup-mid': (socket) => socket.destroy(),
};

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
			if (handshakes[kind] !== undefined) {
				handshakes[kind](socket, head);
				return;
			}
			upgrade(socket, head);
			socket.write(welcome);
		}
		for (const got of frames(input)) {
			if (got.opcode === TEXT)
				console.log(got.payload.toString());
			sessions[kind]?.(socket, got);
			input = input.subarray(got.end);
		}
	});
}

const server = createServer(serve);

server.listen(path ?? { host: '127.0.0.1', port: 0 }, () => {
	writeFileSync(`${ready}.new`, path ??
		`ws://127.0.0.1:${server.address().port}/`);
	renameSync(`${ready}.new`, ready);
});
