;;; streetrace.el --- Streetrace LSP in Eglot  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "29.1"))
;; Keywords: languages, tools

;;; Commentary:

;; Load this file in your init file:
;;
;;   (load "/path/to/streetrace.el")
;;
;; Then `M-x eglot' in a Python or TOML file starts `streetrace-lsp'.  For
;; other files name your own major modes before it is loaded:
;;
;;   (setq streetrace-modes '(python-mode rust-ts-mode))
;;
;; Eglot tells a server half a second late of what you type, and applies an
;; edit in between by its old line numbers.  Here it tells first.  The server
;; knows by `flushesChanges' that it does, and so sends edits as they come;
;; without this file it waits for *Apply result*.
;;
;; The last line says how a request ended, and what it cost.

;;; Code:

(require 'eglot)

(defvar streetrace-modes
  '(python-mode python-ts-mode conf-toml-mode toml-ts-mode)
  "Major modes whose files `streetrace-lsp' looks after.")

(defvar streetrace-command '("streetrace-lsp")
  "How to start the server.")

(define-derived-mode streetrace-chat-mode text-mode "Chat"
  "Major mode for chats with a model, which are Markdown.")

(add-to-list 'auto-mode-alist
             '("/\\.streetrace/.*\\.md\\'" . streetrace-chat-mode))

(defclass streetrace-server (eglot-lsp-server) ()
  "Streetrace LSP, which is told of every change before it edits.")

(add-to-list 'eglot-server-programs
             `((,@streetrace-modes
                (streetrace-chat-mode :language-id "markdown"))
               . (streetrace-server ,@streetrace-command)))

;; A newer server says that this file is to be updated.
(defconst streetrace-version "0.1.0"
  "The version of this file.")

(defconst streetrace--can-flush
  (and (fboundp 'eglot--apply-text-edits)
       (fboundp 'eglot--signal-textDocument/didChange))
  "Whether this Eglot has what is made use of here.")

(defun streetrace--flush (&rest _)
  "Tell the server what was typed in this buffer.
An edit for the text before is then one for another version, and Eglot
refuses it."
  (when (and (eglot-managed-p)
             (cl-typep (eglot-current-server) 'streetrace-server))
    (eglot--signal-textDocument/didChange)))

(when streetrace--can-flush
  (advice-add 'eglot--apply-text-edits :before #'streetrace--flush))

(cl-defmethod eglot-client-capabilities ((_server streetrace-server))
  "What Eglot supports, and that an edit never overtakes what was typed."
  (let ((capabilities (copy-sequence (cl-call-next-method))))
    (plist-put capabilities :experimental
               `(:streetrace (:version ,streetrace-version
                              ,@(when streetrace--can-flush
                                  '(:flushesChanges t)))))))

(cl-defmethod eglot-handle-request :around
  ((_server streetrace-server) (_method (eql window/showMessageRequest))
   &rest _)
  "Ask also while the minibuffer is in use, and show the whole question."
  (let ((enable-recursive-minibuffers t)
        (max-mini-window-height 0.8))
    (cl-call-next-method)))

(cl-defmethod eglot-handle-notification :after
  ((_server streetrace-server) (_method (eql $/progress))
   &key value &allow-other-keys)
  "Say how a request ended, where Eglot has a percentage alone."
  (when-let* (((equal (plist-get value :kind) "end"))
              (said (plist-get value :message)))
    (message "Streetrace: %s" said)))

(provide 'streetrace)

;;; streetrace.el ends here
