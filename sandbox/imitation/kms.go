package imitation

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"

	"prober/catalog"
	"prober/cloudapi"
)

// maxPlaintext is how many bytes Encrypt takes, as the KMS documents say.
const maxPlaintext = 6 * 1024

// kmsKeys are the encryption keys by the ids under which they are asked for.
type kmsKeys struct {
	byName map[string]*kmsKey
	byUUID map[string]*kmsKey
}

// kmsKey is one encryption key.
type kmsKey struct {
	id, version string // UUIDs
	aead        cipher.AEAD
}

func newKMSKeys(random io.Reader, names []string) (*kmsKeys, error) {
	keys := &kmsKeys{byName: map[string]*kmsKey{}, byUUID: map[string]*kmsKey{}}
	for _, name := range names {
		k, err := newKMSKey(random)
		if err != nil {
			return nil, fmt.Errorf("making the encryption key %q: %w", name, err)
		}
		keys.byName[name], keys.byName[k.id], keys.byUUID[k.id] = k, k, k
	}
	return keys, nil
}

func newKMSKey(random io.Reader) (*kmsKey, error) {
	id, err := cloudapi.NewUUID(random)
	if err != nil {
		return nil, err
	}
	version, err := cloudapi.NewUUID(random)
	if err != nil {
		return nil, err
	}
	var secret [32]byte
	if _, err := io.ReadFull(random, secret[:]); err != nil {
		return nil, fmt.Errorf("reading a random key: %w", err)
	}
	block, err := aes.NewCipher(secret[:])
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &kmsKey{id: id, version: version, aead: aead}, nil
}

// cryptBody is the content of replies to Encrypt and Decrypt.
type cryptBody struct {
	XMLName        xml.Name `json:"-"`
	RequestID      string   `json:"RequestId" xml:"RequestId"`
	KeyID          string   `json:"KeyId" xml:"KeyId"`
	KeyVersionID   string   `json:"KeyVersionId" xml:"KeyVersionId"`
	CiphertextBlob string   `json:"CiphertextBlob,omitempty" xml:"CiphertextBlob,omitempty"`
	Plaintext      string   `json:"Plaintext,omitempty" xml:"Plaintext,omitempty"`
}

func (b *cryptBody) setRequestID(id string) { b.RequestID = id }

// encrypt is KMS Encrypt: Plaintext in base64, sealed with AES-GCM; the EncryptionContext
// is authenticated with it and must be given again to decrypt.
func (c *alibabaCall) encrypt() (alibabaBody, *apiError) {
	for _, name := range []string{"KeyId", "Plaintext"} {
		if c.params.Get(name) == "" {
			return nil, c.a.refusal(catalog.MissingParameter, name)
		}
	}
	plaintext, err := base64.StdEncoding.DecodeString(c.params.Get("Plaintext"))
	if err != nil || len(plaintext) > maxPlaintext {
		return nil, alibabaBadValue("Plaintext")
	}
	context, p := c.encryptionContext()
	if p != nil {
		return nil, p
	}
	if p := c.checkPermission(); p != nil {
		return nil, p
	}
	k, ok := c.a.shared.kms.byName[c.params.Get("KeyId")]
	if !ok {
		return nil, &apiError{code: "Forbidden.KeyNotFound", status: http.StatusNotFound, message: "The specified Key is not found."}
	}
	return &cryptBody{
		XMLName: xml.Name{Local: "EncryptResponse"}, KeyID: k.id, KeyVersionID: k.version,
		CiphertextBlob: base64.StdEncoding.EncodeToString(c.a.seal(k, plaintext, context)),
	}, nil
}

// decrypt is KMS Decrypt. How the real API words the refusal of a ciphertext that does not
// open no public source shows.
func (c *alibabaCall) decrypt() (alibabaBody, *apiError) {
	if c.params.Get("CiphertextBlob") == "" {
		return nil, c.a.refusal(catalog.MissingParameter, "CiphertextBlob")
	}
	blob, err := base64.StdEncoding.DecodeString(c.params.Get("CiphertextBlob"))
	if err != nil {
		return nil, alibabaBadValue("CiphertextBlob")
	}
	context, p := c.encryptionContext()
	if p != nil {
		return nil, p
	}
	if p := c.checkPermission(); p != nil {
		return nil, p
	}
	k, plaintext, ok := c.a.open(blob, context)
	if !ok {
		return nil, alibabaBadValue("CiphertextBlob")
	}
	return &cryptBody{
		XMLName: xml.Name{Local: "DecryptResponse"}, KeyID: k.id, KeyVersionID: k.version,
		Plaintext: base64.StdEncoding.EncodeToString(plaintext),
	}, nil
}

// uuidLength is the length of a UUID in text form, with which every blob begins.
const uuidLength = 36

// seal returns key id, nonce and sealed text in one blob.
func (a *API) seal(k *kmsKey, plaintext, context []byte) []byte {
	nonce := make([]byte, k.aead.NonceSize())
	a.shared.mu.Lock()
	_, _ = a.shared.random.Read(nonce) // a ChaCha8 never fails
	a.shared.mu.Unlock()
	blob := append([]byte(k.id), nonce...)
	return k.aead.Seal(blob, nonce, plaintext, context)
}

// open undoes seal.
func (a *API) open(blob, context []byte) (*kmsKey, []byte, bool) {
	if len(blob) < uuidLength {
		return nil, nil, false
	}
	k, ok := a.shared.kms.byUUID[string(blob[:uuidLength])]
	if !ok || len(blob) < uuidLength+k.aead.NonceSize() {
		return nil, nil, false
	}
	nonce, sealed := blob[uuidLength:uuidLength+k.aead.NonceSize()], blob[uuidLength+k.aead.NonceSize():]
	plaintext, err := k.aead.Open(nil, nonce, sealed, context)
	return k, plaintext, err == nil
}

// encryptionContext returns the parameter of that name in one fixed notation, names
// sorted; nil without it.
func (c *alibabaCall) encryptionContext() ([]byte, *apiError) {
	text := c.params.Get("EncryptionContext")
	if text == "" || c.a.contextless {
		return nil, nil
	}
	var context map[string]string
	if err := json.Unmarshal([]byte(text), &context); err != nil {
		return nil, alibabaBadValue("EncryptionContext")
	}
	canonical, err := json.Marshal(context)
	if err != nil {
		return nil, alibabaBadValue("EncryptionContext")
	}
	return canonical, nil
}
