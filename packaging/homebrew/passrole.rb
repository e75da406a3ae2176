# The formula of a tap. `scripts/homebrew VERSION FOLDER` fills version and checksums in, from the archives of a release.
class Passrole < Formula
  desc "Language server and checker for IAM policies and Amazon ECS task definitions"
  homepage "https://github.com/passrole/passrole"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/passrole/passrole/releases/download/v@VERSION@/passrole-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin@"
    end
    on_intel do
      url "https://github.com/passrole/passrole/releases/download/v@VERSION@/passrole-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin@"
    end
  end
  on_linux do
    on_arm do
      url "https://github.com/passrole/passrole/releases/download/v@VERSION@/passrole-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "https://github.com/passrole/passrole/releases/download/v@VERSION@/passrole-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "passrole"
    generate_completions_from_executable(bin/"passrole", "completions")
    (man1/"passrole.1").write Utils.safe_popen_read(bin/"passrole", "man")
  end

  test do
    (testpath/"policy.json").write '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecs:RunTasks","Resource":"*"}}'
    assert_match "unknown-action", shell_output("#{bin}/passrole check policy.json", 1)
  end
end
