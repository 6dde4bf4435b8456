package imitation

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"math"
	"net/http"

	"prober/catalog"
)

// maxPlaintext is how many bytes Encrypt takes, as the KMS documents say.
const maxPlaintext = 6 * 1024

// KMSKeyID is the id of the one encryption key that there is, beside its UUID: an alias.
const KMSKeyID = "alias/sandbox"

// kmsKey is an encryption key.
type kmsKey struct {
	id, version string // UUIDs
	aead        cipher.AEAD
}

// newKMSKey makes a random key.
func newKMSKey() *kmsKey {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // which cannot fail
	block, err := aes.NewCipher(secret[:])
	if err != nil {
		panic("a key of 32 bytes: " + err.Error()) // it cannot
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("GCM of AES: " + err.Error()) // it cannot
	}
	return &kmsKey{id: uuid(), version: uuid(), aead: aead}
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

// encrypt is KMS Encrypt: Plaintext in base64, sealed with AES-GCM; the EncryptionContext
// is authenticated with it and must be given again to decrypt.
func (c *alibabaCall) encrypt() (any, *apiError) {
	id := c.params.Get("KeyId")
	if id == "" {
		return nil, c.a.refusal(catalog.MissingParameter, "KeyId")
	}
	plaintext, context, e := c.toCrypt("Plaintext", maxPlaintext)
	if e != nil {
		return nil, e
	}
	k := c.a.shared.kms
	if id != KMSKeyID && id != k.id {
		return nil, &apiError{code: "Forbidden.KeyNotFound", status: http.StatusNotFound, message: "The specified Key is not found."}
	}
	return cryptBody{
		XMLName: xml.Name{Local: "EncryptResponse"}, RequestID: c.requestID, KeyID: k.id, KeyVersionID: k.version,
		CiphertextBlob: base64.StdEncoding.EncodeToString(k.seal(plaintext, context)),
	}, nil
}

// decrypt is KMS Decrypt. How the real API words the refusal of a ciphertext that does not
// open no public source shows.
func (c *alibabaCall) decrypt() (any, *apiError) {
	blob, context, e := c.toCrypt("CiphertextBlob", math.MaxInt)
	if e != nil {
		return nil, e
	}
	k := c.a.shared.kms
	plaintext, ok := k.open(blob, context)
	if !ok {
		return nil, alibabaBadValue("CiphertextBlob")
	}
	return cryptBody{
		XMLName: xml.Name{Local: "DecryptResponse"}, RequestID: c.requestID, KeyID: k.id, KeyVersionID: k.version,
		Plaintext: base64.StdEncoding.EncodeToString(plaintext),
	}, nil
}

// toCrypt returns the parameter that is to be encrypted or decrypted, of most bytes at the
// most, and the context.
func (c *alibabaCall) toCrypt(name string, most int) (text, context []byte, e *apiError) {
	if c.params.Get(name) == "" {
		return nil, nil, c.a.refusal(catalog.MissingParameter, name)
	}
	text, err := base64.StdEncoding.DecodeString(c.params.Get(name))
	if err != nil || len(text) > most {
		return nil, nil, alibabaBadValue(name)
	}
	if context, e = c.encryptionContext(); e != nil {
		return nil, nil, e
	}
	return text, context, c.checkPermission()
}

// seal returns key id, nonce and sealed text in one blob.
func (k *kmsKey) seal(plaintext, context []byte) []byte {
	return k.aead.Seal([]byte(k.id), nil, plaintext, context)
}

// open undoes seal.
func (k *kmsKey) open(blob, context []byte) ([]byte, bool) {
	sealed, ours := bytes.CutPrefix(blob, []byte(k.id))
	plaintext, err := k.aead.Open(nil, nil, sealed, context)
	return plaintext, ours && err == nil
}

// encryptionContext returns the parameter of that name in one fixed notation, names
// sorted; nil without it.
func (c *alibabaCall) encryptionContext() ([]byte, *apiError) {
	text := c.params.Get("EncryptionContext")
	if text == "" {
		return nil, nil
	}
	var context map[string]string
	if err := json.Unmarshal([]byte(text), &context); err != nil {
		return nil, alibabaBadValue("EncryptionContext")
	}
	if c.a.bound != nil {
		context = c.a.bound(context)
	}
	canonical, _ := json.Marshal(context) // a map of strings cannot fail
	return canonical, nil
}
