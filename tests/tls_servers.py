"""TLS servers on loopback with certificates made on the spot, one kind of trouble each."""

import socket
import ssl
import threading
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
OAKLEY_2 = int(  # RFC 2409, section 6.2: 1024 bits
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)


class Authority:
    """Makes certificates, signed by a root of its own or by themselves."""

    def __init__(self, folder):
        self._folder = folder
        self._key = rsa.generate_private_key(65537, 2048)
        self._name = _name("Ceshi Root")
        self.root = folder / "root.pem"
        self.root.write_bytes(_build(self._name, self._name, self._key.public_key(), self._key, ca=True).public_bytes(Encoding.PEM))

    def certify(self, host, *, own=False, days=30, name="", bits=2048):
        """Write key and certificate of a host and give the path; `own`: signed by itself, `days` below 0: expired."""
        key = rsa.generate_private_key(65537, bits)
        subject = _name(host)
        signed = _build(subject, subject if own else self._name, key.public_key(), key if own else self._key, host=name or host, days=days)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path = self._folder / f"{host}.pem"
        path.write_bytes(private + signed.public_bytes(Encoding.PEM))
        return path


def _name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _build(subject, issuer, public, signer, *, host="", days=30, ca=False):
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public).serial_number(x509.random_serial_number())
    )
    builder = builder.not_valid_before(NOW - timedelta(days=90)).not_valid_after(NOW + timedelta(days=days))
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return builder.sign(signer, SHA256())


def context(certificate, *, highest=None, ciphers="DEFAULT:@SECLEVEL=0", short_dh=False):
    """Give the server's side; `highest` is the newest version it speaks."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers(ciphers)
    made.load_cert_chain(certificate)
    made.minimum_version = ssl.TLSVersion.TLSv1
    if highest:
        made.maximum_version = highest
    if short_dh:
        file = certificate.with_suffix(".dh")
        file.write_text(_dh_parameters())
        made.load_dh_params(file)
    return made


def _dh_parameters():
    """Write prime and generator as PKCS #3 has them: SEQUENCE { INTEGER, INTEGER }."""
    prime = b"\x00" + OAKLEY_2.to_bytes(128, "big")
    content = b"\x02\x81" + bytes([len(prime)]) + prime + b"\x02\x01\x02"
    return ssl.DER_cert_to_PEM_cert(b"\x30\x81" + bytes([len(content)]) + content).replace("CERTIFICATE", "DH PARAMETERS")


@contextmanager
def serve(tls, answer):
    """Serve `answer(path)` over TLS on a free port of loopback and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as stack:
        thread = threading.Thread(target=_accept, args=(listening, tls, answer), daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(listening.shutdown, socket.SHUT_RDWR)
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def _accept(listening, tls, answer):
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(plain, tls, answer), daemon=True).start()


def _talk(plain, tls, answer):
    plain.settimeout(5)
    try:
        with tls.wrap_socket(plain, server_side=True) as connection:
            head = b""
            while b"\r\n\r\n" not in head and (chunk := connection.recv(65536)):
                head += chunk
            if head:
                connection.sendall(answer(head.split(b" ", 2)[1].decode()))
    except OSError:  # the other side did not like us, which is what is tested
        plain.close()
